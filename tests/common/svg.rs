//! Reading figures.

#![allow(dead_code)] // Each test file uses its own part.

use manga_expressions::plots::Figure;

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
    let tags = |start: &str| svg.matches(start).count();
    assert_eq!(tags("<svg"), tags("</svg>"));
    assert_eq!(tags("<text"), tags("</text>"));
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
