//! The notebooks as pages to read, and the page that leads through them.

use super::Budget;
use super::executed::Executed;
use super::index::{self, Chapter};
use crate::show::markup::escape;
use crate::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// How all pages look. They refer to nothing on the network.
const STYLE: &str = include_str!("page.css");

/// The title of the page that leads through all others.
const TITLE: &str = "The expressions of manga characters";

/// One notebook that ran. Its body lies in the output folder as `NAME.html`.
pub(super) struct Page {
    /// Name of the notebook's file, without its ending.
    pub(super) name: String,
    /// How long it ran.
    pub(super) seconds: f64,
    /// Why it ended early.
    pub(super) failure: Option<String>,
    /// What it shows; a notebook that could not be started has nothing.
    pub(super) executed: Option<Executed>,
}

/// Puts every notebook's body into a page with links to its neighbours, and writes the index.
pub(super) fn write(folder: &Path, pages: &[Page], budget: Budget, photos: bool) -> Result<PathBuf> {
    let bodies: Vec<(String, String)> = pages
        .iter()
        .map(|page| {
            // A notebook that could not be started has left no body.
            let body = fs::read_to_string(folder.join(format!("{}.html", page.name))).unwrap_or_default();
            // What can be focused can be tapped, which enlarges it on a phone.
            let mut body = body.replace("<div class=\"output_svg ", "<div tabindex=\"0\" class=\"output_svg ");
            // From notebook to notebook means from page to page here.
            for other in pages.iter().map(|page| escape(&page.name)) {
                body = body.replace(&format!("href=\"{other}.ipynb\""), &format!("href=\"{other}.html\""));
            }
            (heading(&body).unwrap_or_else(|| escape(&page.name)), body)
        })
        .collect();
    let chapters: Vec<Chapter> =
        pages.iter().zip(&bodies).map(|(page, (title, body))| Chapter { page, title, body }).collect();
    for (at, chapter) in chapters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chapters.get(at));
        let links = format!(
            "<nav class=\"neighbours\">{}<a href=\"index.html\">All notebooks</a>{}</nav>",
            link(before, |title| format!("← {title}")),
            link(chapters.get(at + 1), |title| format!("{title} →"))
        );
        let content = format!("{links}\n{}\n{links}", chapter.body);
        save(&folder.join(format!("{}.html", chapter.page.name)), chapter.title, &content)?;
    }
    let faces = if photos { "the photos" } else { "faces drawn by the library" };
    let intro = format!(
        "<h1>{TITLE}</h1>\n<p>The notebooks in the order of the report, as they ran on {faces}, with the budget \
         “{budget}”: what each is for, and its figures and tables. A title leads to the notebook, a caption to \
         the cell. <span class=\"phone\">Tap a figure to enlarge it.</span></p>\n"
    );
    let index = folder.join("index.html");
    save(&index, TITLE, &index::content(&intro, &chapters))?;
    Ok(index)
}

/// A link to a neighbour, or something empty in its place.
fn link(to: Option<&Chapter>, label: fn(&str) -> String) -> String {
    to.map_or_else(
        || "<span></span>".into(),
        |to| format!("<a href=\"{}.html\">{}</a>", escape(&to.page.name), label(to.title)),
    )
}

/// A whole page of its content.
fn save(file: &Path, title: &str, content: &str) -> Result<()> {
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         {content}</main>\n</body>\n</html>\n"
    );
    fs::write(file, page).map_err(Error::io("cannot write", file))
}

/// The text of the first heading, as HTML without tags.
fn heading(body: &str) -> Option<String> {
    let start = body.find("<h1")?;
    let inner = &body[start + body[start..].find('>')? + 1..];
    // nbconvert ends a heading with a link to itself.
    let inner = &inner[..inner.find("<a class=\"anchor-link\"").or_else(|| inner.find("</h1>"))?];
    let mut text = String::new();
    let mut within_tag = false;
    for letter in inner.chars() {
        match letter {
            '<' => within_tag = true,
            '>' => within_tag = false,
            _ if !within_tag => text.push(letter),
            _ => {}
        }
    }
    Some(text.trim().to_string())
}

/// As `8 s` or `12 min`.
pub(super) fn duration(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, failure: Option<&str>) -> Page {
        Page { name: name.into(), seconds: 3.0, failure: failure.map(String::from), executed: None }
    }

    #[test]
    fn a_heading_is_the_text_of_the_first_one_without_its_link() {
        let body =
            "<p>a</p><h1 id=\"x\">Faces &amp; <em>tears</em><a class=\"anchor-link\" href=\"#x\">¶</a></h1><h1>b</h1>";
        assert_eq!(heading(body).as_deref(), Some("Faces &amp; tears"));
        assert_eq!(heading("<h2>none</h2>"), None);
    }

    #[test]
    fn pages_lead_from_one_to_the_next_and_the_index_tells_what_failed() {
        let folder = tempfile::tempdir().unwrap();
        let links = "<a href=\"02_b.ipynb\">then</a> <a href=\"03_c.ipynb\">later</a>";
        fs::write(folder.path().join("01_a.html"), format!("<h1>First</h1>{links}")).unwrap();
        fs::write(folder.path().join("02_b.html"), "<h1>Second</h1>").unwrap();
        let pages = [page("01_a", None), page("02_b", Some("cell 3: x < y"))];
        let index = write(folder.path(), &pages, Budget::Smoke, false).unwrap();
        let index = fs::read_to_string(index).unwrap();
        assert!(index.contains("<a href=\"01_a.html\">First</a>") && index.contains("cell 3: x &lt; y"), "{index}");
        assert!(index.contains("faces drawn by the library") && index.contains("smoke"));
        let first = fs::read_to_string(folder.path().join("01_a.html")).unwrap();
        assert!(first.contains("<a href=\"02_b.html\">Second →</a>") && first.contains("<title>First</title>"));
        assert!(first.contains("<a href=\"02_b.html\">then</a>"), "a link to a notebook leads to its page: {first}");
        assert!(first.contains("<a href=\"03_c.ipynb\">later</a>") && !first.contains('←'));
    }
}
