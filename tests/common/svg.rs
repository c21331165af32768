//! Reading figures.

#![allow(dead_code)] // Each test file uses its own part.

use manga_expressions::show::plots::Figure;

/// The values of an attribute, in the order of the elements.
pub fn attributes<'a>(svg: &'a str, element: &str, name: &str) -> Vec<&'a str> {
    let (start, key) = (format!("<{element} "), format!(" {name}=\""));
    let elements = svg.split(&start).skip(1).map(|rest| rest.split_once('>').unwrap().0);
    // The space before the first attribute belongs to `start`.
    elements.filter_map(|e| value(e, &key).or_else(|| value(e, &key[1..]))).collect()
}

fn value<'a>(attributes: &'a str, key: &str) -> Option<&'a str> {
    Some(attributes.split_once(key)?.1.split_once('"')?.0)
}

pub fn texts(figure: &Figure) -> Vec<String> {
    let elements = figure.svg().split("<text ").skip(1);
    elements.map(|e| e.split_once('>').unwrap().1.split_once("</text>").unwrap().0.trim().to_string()).collect()
}

/// What holds for every figure: it is one well-formed image with a name, and all its text is legible and inside.
pub fn check(figure: &Figure) {
    let svg = figure.svg();
    assert!(svg.starts_with("<svg role=\"img\" aria-label=\"") && svg.ends_with("</svg>\n"));
    check_well_formed(svg);
    assert!(texts(figure).iter().all(|text| !text.contains("NaN") && text != "inf" && !text.is_empty()));
    for size in attributes(svg, "text", "font-size") {
        assert!(size.parse::<f64>().unwrap() > 12.99, "text of {size} pixels");
    }
    for (axis, length) in [("x", figure.width()), ("y", figure.height())] {
        for at in attributes(svg, "text", axis) {
            assert!((0..=length as i32).contains(&at.parse().unwrap()), "text at {axis} = {at}");
        }
    }
}

/// Numbers of an attribute.
pub fn numbers(svg: &str, element: &str, name: &str) -> Vec<i32> {
    attributes(svg, element, name).iter().map(|value| value.parse().unwrap()).collect()
}

/// What an XML reader asks for: tags that are closed in their order, quoted attributes once each, no bare `<` or `&`.
fn check_well_formed(svg: &str) {
    let entity = |rest: &str| ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#"].iter().any(|e| rest.starts_with(e));
    assert!(svg.match_indices('&').all(|(at, _)| entity(&svg[at..])), "a bare &");
    let mut open: Vec<&str> = Vec::new();
    for part in svg.trim_end().split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag is not closed");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            assert!(text.trim().is_empty(), "{text:?} after {tag}");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        let quoted: Vec<&str> = tag.split('"').collect();
        assert!(quoted.len() % 2 == 1, "an attribute of {tag} is not quoted");
        let mut names: Vec<&str> = quoted.iter().step_by(2).filter_map(|part| part.trim().strip_suffix('=')).collect();
        let count = names.len();
        assert_eq!(count, quoted.len() / 2, "{tag}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{tag} has an attribute twice");
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
}

/// About where each text that is not turned stands: left, right, upper and lower end. Letters are taken to be half as wide as
/// they are high, as in a usual sans-serif font.
pub fn boxes(figure: &Figure) -> Vec<(String, [f64; 4])> {
    let elements = figure.svg().split("<text ").skip(1).map(|e| e.split_once('>').unwrap().0);
    let place = |(text, attributes): (String, &str)| {
        let of = |name: &str| value(attributes, &format!(" {name}=\"")).or(value(attributes, &format!("{name}=\"")));
        let number = |name: &str| of(name).unwrap().parse::<f64>().unwrap();
        let shown = text.replace("&quot;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "+");
        let (x, y, size) = (number("x"), number("y"), number("font-size"));
        let width = 0.5 * size * shown.chars().count() as f64;
        let left = match of("text-anchor").unwrap() {
            "middle" => x - width / 2.0,
            "end" => x - width,
            _ => x,
        };
        of("transform").is_none().then_some((text, [left, left + width, y - size / 2.0, y + size / 2.0]))
    };
    texts(figure).into_iter().zip(elements).filter_map(place).collect()
}

/// That all texts are inside the figure and none lies on another.
pub fn check_apart(figure: &Figure) {
    let all = boxes(figure);
    for (i, (text, [left, right, top, bottom])) in all.iter().enumerate() {
        let (width, height) = (f64::from(figure.width()), f64::from(figure.height()));
        assert!(*left >= 0.0 && *right <= width && *top >= 0.0 && *bottom <= height, "{text:?} is not inside");
        for (other, [l, r, t, b]) in &all[..i] {
            assert!(right <= l || r <= left || bottom <= t || b <= top, "{text:?} lies on {other:?}");
        }
    }
}
