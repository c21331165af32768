//! The page that leads through all notebooks like a paper: what each is for, and its figures.

use super::executed::{Content, Part, Shown};
use super::pages::{Page, duration};
use crate::report::claims::{self, Place};
use crate::show::markup::escape;
use crate::show::tables::Table;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// One notebook, as the index shows it.
pub(super) struct Chapter<'a> {
    /// What is known of its run.
    pub(super) page: &'a Page,
    /// Its title, as HTML.
    pub(super) title: &'a str,
    /// Its body, as HTML; empty if it could not be started.
    pub(super) body: &'a str,
}

/// How a paragraph starts that tells what a notebook is for.
const OPENING: [&str; 2] = ["<p><em>Report:", "<p><strong>Aim."];
/// The number of figures in the report.
const FIGURES: usize = 24;
/// How a paragraph starts that compares with the report.
const COMPARISON: [&str; 2] = ["<p><strong>The report says", "<p><strong>We find"];

/// What stands on the page: `intro` (HTML), contents, where each figure of the report is, what comes of its claims, and a
/// chapter for each notebook.
pub(super) fn content(intro: &str, chapters: &[Chapter]) -> String {
    let mut text = format!("{intro}<nav class=\"contents\" aria-label=\"Contents\">\n<h2>Contents</h2>\n<ol>\n");
    for chapter in chapters {
        let (id, title) = (escape(&chapter.page.name), chapter.title);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "<li><a href=\"#{id}\">{title}</a> {}</li>", outcome(chapter.page));
    }
    text += "</ol>\n</nav>\n";
    text += &figures_of_the_report(chapters);
    text += &claims_of_the_report(chapters);
    chapters.iter().for_each(|chapter| text += &section(chapter));
    text
}

/// How a notebook ended.
fn outcome(page: &Page) -> String {
    match page.failure {
        None => format!("<span class=\"time\">{}</span>", duration(page.seconds)),
        Some(_) => {
            format!("<strong class=\"failed\">failed</strong> <span class=\"time\">{}</span>", duration(page.seconds))
        }
    }
}

/// One notebook: title, what it is for, and what it shows, under its own headings.
fn section(chapter: &Chapter) -> String {
    let Chapter { page, title, body } = chapter;
    let name = escape(&page.name);
    let mut text = format!("<section id=\"{name}\">\n<h2><a href=\"{name}.html\">{title}</a></h2>\n");
    for start in OPENING {
        text.extend(paragraphs(body, start).first().copied());
    }
    let _ = writeln!(text, "<p class=\"time\">{} · <a href=\"{name}.html\">all cells</a></p>", ran(page));
    if let Some(why) = &page.failure {
        let _ = writeln!(text, "<div class=\"failure\"><strong>Failed.</strong><pre>{}</pre></div>", escape(why));
    }
    let mut heading = None;
    for part in page.executed.iter().flat_map(|executed| &executed.parts) {
        match part {
            // The first heading is the title.
            Part::Heading { text, .. } => heading = Some(text),
            Part::Text { cell } => {
                COMPARISON.iter().for_each(|start| text.extend(paragraphs(part_of(body, cell), start)))
            }
            Part::Shown(shown) => {
                if let Some(heading) = heading.take().filter(|heading| escape(heading) != *title) {
                    let _ = writeln!(text, "<h3>{}</h3>", escape(heading));
                }
                text += &figure(shown, &name);
            }
        }
    }
    text + "</section>\n"
}

fn ran(page: &Page) -> String {
    let verb = if page.failure.is_some() { "Ended after" } else { "Ran in" };
    format!("{verb} {}", duration(page.seconds))
}

/// A figure or table with its caption, which leads to its cell.
fn figure(shown: &Shown, notebook: &str) -> String {
    let link = format!("<a href=\"{}\">", link(notebook, &shown.cell));
    let caption = match (escape(&shown.heading), shown.title()) {
        (heading, Some(title)) => format!("{heading} · {link}{title}</a>"),
        (heading, None) => format!("{link}{heading}</a>"),
    };
    let (content, opening) = match &shown.content {
        Content::Figure(svg) => (svg, format!("<div class=\"picture\" tabindex=\"0\"{}>", measures(svg))),
        Content::Table { html, .. } => (html, "<div class=\"table\">".into()),
    };
    format!(
        "<figure>\n{opening}\n{}\n</div>\n<figcaption>{caption} (cell {})</figcaption>\n</figure>\n",
        content.trim_end(),
        shown.number
    )
}

/// Where a cell is; nbconvert gives it this id.
fn link(notebook: &str, cell: &str) -> String {
    if cell.is_empty() { format!("{notebook}.html") } else { format!("{notebook}.html#cell-id={}", escape(cell)) }
}

/// What the page's style is told of an SVG: its width, and its width over its height.
fn measures(svg: &str) -> String {
    let number = |name: &str| {
        let after = svg.split_once(&format!(" {name}=\""))?.1;
        after.split_once('"')?.0.parse::<f64>().ok()
    };
    match (number("width"), number("height")) {
        (Some(width), Some(height)) => format!(" style=\"--drawn: {width}px; --shape: {:.3}\"", width / height),
        _ => String::new(),
    }
}

/// The table from the report's figures to notebooks: by headings that name a figure, else by a notebook's line
/// "Report: …".
fn figures_of_the_report(chapters: &[Chapter]) -> String {
    let mut places: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for chapter in chapters {
        let (name, title) = (escape(&chapter.page.name), chapter.title);
        let parts = chapter.page.executed.iter().flat_map(|executed| executed.parts.iter());
        for (index, part) in parts.clone().enumerate() {
            let Part::Heading { text, cell } = part else { continue };
            // The first figure or table under a heading is what it promises.
            let shown = parts.clone().skip(index + 1).take_while(|part| !matches!(part, Part::Heading { .. }));
            let shown = shown.filter_map(|part| if let Part::Shown(shown) = part { Some(shown) } else { None }).next();
            let (cell, which) = match shown {
                Some(shown) => (&shown.cell, format!("cell {}", shown.number)),
                None => (cell, "text".to_string()),
            };
            for number in figure_numbers(text) {
                found.insert((number, &chapter.page.name));
                places.entry(number).or_default().push(format!(
                    "<tr><td>{number}</td><td><a href=\"{name}.html\">{title}</a></td>\
                     <td><a href=\"{}\">{}, {which}</a></td></tr>\n",
                    link(&name, cell),
                    escape(text)
                ));
            }
        }
        for number in paragraphs(chapter.body, OPENING[0]).first().map(|line| figure_numbers(line)).unwrap_or_default()
        {
            if found.insert((number, &chapter.page.name)) {
                places.entry(number).or_default().push(format!(
                    "<tr><td>{number}</td><td><a href=\"{name}.html\">{title}</a></td><td>the whole notebook</td></tr>\n"
                ));
            }
        }
    }
    if places.is_empty() {
        return String::new();
    }
    let missing: Vec<String> =
        (1..=FIGURES).filter(|number| !places.contains_key(number)).map(|number| number.to_string()).collect();
    let missing = if missing.is_empty() {
        String::new()
    } else {
        format!("<p>In none of the notebooks that ran: {}.</p>\n", missing.join(", "))
    };
    let rows: String = places.into_values().flatten().collect();
    format!(
        "<section id=\"figures-of-the-report\">\n<h2>Where each figure of the report is</h2>\n\
         <div class=\"table\"><table class=\"places\">\n\
         <thead><tr><th>figure</th><th>notebook</th><th>under</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n\
         {missing}</section>\n"
    )
}

/// The table of the report's claims, whose notebooks are links to the cells under the headings that they name. Its numbers
/// are of the results that come with the project, and not of this run.
fn claims_of_the_report(chapters: &[Chapter]) -> String {
    let table = claims::all().and_then(|all| Ok((Table::claims(&all)?, all)));
    let (table, all) = match table {
        Ok(both) => both,
        Err(error) => {
            return format!("<p>There is no table of the report's claims: {}.</p>\n", escape(&error.to_string()));
        }
    };
    let mut html = table.html();
    for Place { notebook, heading } in all.iter().map(|claim| claim.place) {
        let place = Place { notebook, heading };
        let shown = format!(">{}<", escape(&place.to_string()));
        let Some(chapter) = chapters.iter().find(|one| one.page.name.starts_with(&format!("{notebook:02}_"))) else {
            continue;
        };
        let mut parts = chapter.page.executed.iter().flat_map(|executed| executed.parts.iter());
        let cell = parts.find_map(|part| match part {
            Part::Heading { text, cell } if text == heading => Some(cell.as_str()),
            _ => None,
        });
        let to = link(&escape(&chapter.page.name), cell.unwrap_or_default());
        html = html.replace(&shown, &format!("><a href=\"{to}\">{}</a><", escape(&place.to_string())));
    }
    format!(
        "<section id=\"claims-of-the-report\">\n<h2>What comes of the report's claims</h2>\n\
         <p>Our numbers are those of the real photos that the project keeps in <code>results</code>, whatever this run was \
         of.</p>\n<div class=\"table claims\">{html}</div>\n</section>\n"
    )
}

/// The numbers of figures that a text names: 4 for "(figure 4)", 6 and 7 for "figures 6 and 7", 14, 15 and 16 for
/// "figures 14-16" and "figures 14 to 16".
fn figure_numbers(text: &str) -> Vec<usize> {
    let text = text.to_lowercase();
    let mut numbers = Vec::new();
    for (at, word) in text.match_indices("figure") {
        let list = text[at + word.len()..].trim_start_matches('s');
        let mut range_from = None;
        for token in tokens(list) {
            match token.parse::<usize>() {
                Ok(number) => {
                    let first = range_from.take().map_or(number, |before| before + 1);
                    numbers.extend((first..=number).filter(|number| (1..=FIGURES).contains(number)));
                }
                Err(_) if matches!(token, "-" | "–" | "to") => range_from = numbers.last().copied(),
                Err(_) if matches!(token, "," | "and" | "&") => range_from = None,
                Err(_) => break,
            }
        }
    }
    numbers
}

/// The words, numbers and signs of a text.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |letter: char| (letter.is_ascii_digit(), letter.is_alphabetic());
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut start = 0;
        for ((_, before), (at, letter)) in word.char_indices().zip(word.char_indices().skip(1)) {
            if kind(before) != kind(letter) {
                tokens.push(&word[start..at]);
                start = at;
            }
        }
        tokens.push(&word[start..]);
    }
    tokens
}

/// All paragraphs of an HTML text that start so.
fn paragraphs<'a>(html: &'a str, start: &str) -> Vec<&'a str> {
    html.match_indices(start)
        .filter_map(|(at, _)| html[at..].find("</p>").map(|end| &html[at..at + end + "</p>".len()]))
        .collect()
}

/// The part of a notebook's body that is this cell.
fn part_of<'a>(body: &'a str, cell: &str) -> &'a str {
    let Some(start) = body.find(&format!("id=\"cell-id={cell}\"")) else { return "" };
    let rest = &body[start..];
    &rest[..rest[1..].find("id=\"cell-id=").map_or(rest.len(), |end| end + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::executed::Executed;

    #[test]
    fn numbers_of_figures_are_read_one_by_one_in_lists_and_in_ranges() {
        for (text, numbers) in [
            ("The learning rate (figure 9)", &[9][..]),
            ("Figures 6 and 7", &[6, 7]),
            ("(figures 14-16)", &[14, 15, 16]),
            ("figures 8, 22–24.", &[8, 22, 23, 24]),
            ("figures 17 to 19, with 7 classes", &[17, 18, 19]),
            ("2.1.2, figures 5 and 21; 455 photos", &[5, 21]),
            ("figure 4, and 455 faces in figure 7", &[4, 7]),
            ("12 figures of 3 faces", &[]),
            ("without a number", &[]),
        ] {
            assert_eq!(figure_numbers(text), numbers, "{text}");
        }
    }

    fn heading(text: &str, cell: &str) -> Part {
        Part::Heading { text: text.into(), cell: cell.into() }
    }

    fn shown(cell: &str, number: usize, heading: &str, content: Content) -> Part {
        Part::Shown(Shown { cell: cell.into(), number, heading: heading.into(), content })
    }

    #[test]
    fn the_index_shows_what_a_notebook_shows_and_leads_to_its_cells() {
        let svg = "<svg aria-label=\"Per class\" width=\"900\" height=\"20\"></svg>";
        let parts = vec![
            heading("1 · Faces", "a"),
            Part::Text { cell: "a".into() },
            heading("Counts (figure 4)", "b"),
            Part::Text { cell: "b".into() },
            shown("c", 2, "Counts (figure 4)", Content::Figure(svg.into())),
            Part::Text { cell: "d".into() },
            shown("e", 3, "Counts (figure 4)", Content::Table { html: "<table></table>".into(), text: "".into() }),
        ];
        let body = "<div id=\"cell-id=a\"><h1>1 · Faces</h1><p><em>Report: 2.1.1, figures 4 and 5.</em></p>\
                    <p><strong>Aim.</strong> To look.</p></div><div id=\"cell-id=b\"><h2>Counts</h2></div>\
                    <div id=\"cell-id=d\"><p>How.</p><p><strong>The report says</strong> 463.</p></div>";
        let page = Page {
            name: "01_faces".into(),
            seconds: 3.0,
            failure: Some("cell 4: x < y".into()),
            executed: Some(Executed { parts }),
        };
        let text = content("<h1>All</h1>", &[Chapter { page: &page, title: "1 · Faces", body }]);
        let in_order = [
            "<li><a href=\"#01_faces\">1 · Faces</a> <strong class=\"failed\">failed</strong>",
            "<tr><td>4</td><td><a href=\"01_faces.html\">1 · Faces</a></td>\
             <td><a href=\"01_faces.html#cell-id=c\">Counts (figure 4), cell 2</a></td></tr>",
            "<tr><td>5</td><td><a href=\"01_faces.html\">1 · Faces</a></td><td>the whole notebook</td></tr>",
            "<section id=\"01_faces\">",
            "Report: 2.1.1",
            "Aim.</strong> To look.",
            "Ended after 3 s",
            "cell 4: x &lt; y",
            "<h3>Counts (figure 4)</h3>",
            svg,
            "Counts (figure 4) · <a href=\"01_faces.html#cell-id=c\">Per class</a> (cell 2)",
            "<p><strong>The report says</strong> 463.</p>",
            "<table></table>",
            "<a href=\"01_faces.html#cell-id=e\">Counts (figure 4)</a> (cell 3)",
        ];
        let mut rest = text.as_str();
        for part in in_order {
            let at = rest.find(part).unwrap_or_else(|| panic!("{part} is missing or too early in\n{text}"));
            rest = &rest[at + part.len()..];
        }
        assert!(text.contains("--drawn: 900px; --shape: 45.000"));
        assert_eq!(text.matches("The report says").count(), 1);
        assert_eq!(text.matches("<h3>").count(), 1);
    }
}
