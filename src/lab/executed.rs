//! What a notebook that ran has to show, read from its file.

use crate::{Error, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A notebook that ran: what it shows, from top to bottom.
pub(super) struct Executed {
    pub(super) parts: Vec<Part>,
}

/// One thing that a notebook shows.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// A heading of any level: its text, and the cell (its id) in which it stands.
    Heading { text: String, cell: String },
    /// Text: the cell in which it stands.
    Text { cell: String },
    /// A figure or table: the result of a code cell.
    Shown(Shown),
}

/// A figure or table.
#[derive(Debug, PartialEq)]
pub(super) struct Shown {
    /// The id of the cell that made it.
    pub(super) cell: String,
    /// Which code cell that is, from 1.
    pub(super) number: usize,
    /// The nearest heading above it, as text.
    pub(super) heading: String,
    pub(super) content: Content,
}

/// What a figure or table consists of.
#[derive(Debug, PartialEq)]
pub(super) enum Content {
    /// A figure, as SVG.
    Figure(String),
    /// A table: as HTML and as text.
    Table { html: String, text: String },
}

impl Executed {
    /// Reads the file of a notebook that ran.
    pub(super) fn read(file: &Path) -> Result<Executed> {
        let text = fs::read_to_string(file).map_err(Error::io("cannot read", file))?;
        let notebook: Value = serde_json::from_str(&text)
            .map_err(|error| Error::Lab(format!("{} is no notebook: {error}", file.display())))?;
        Ok(Executed::of(&notebook))
    }

    /// A cell without an id (notebooks of before 2021) gets none; links to it lead to its notebook.
    fn of(notebook: &Value) -> Executed {
        let (mut parts, mut heading, mut number) = (Vec::new(), String::new(), 0);
        for cell in notebook["cells"].as_array().into_iter().flatten() {
            let id = || cell["id"].as_str().unwrap_or_default().to_string();
            let source = joined(&cell["source"]);
            if cell["cell_type"] == "markdown" {
                for text in headings(&source) {
                    heading.clone_from(&text);
                    parts.push(Part::Heading { text, cell: id() });
                }
                parts.push(Part::Text { cell: id() });
            }
            if cell["cell_type"] != "code" || source.trim().is_empty() {
                continue;
            }
            number += 1;
            for output in cell["outputs"].as_array().into_iter().flatten() {
                let data = &output["data"];
                let content = [
                    data.get("image/svg+xml").map(|svg| Content::Figure(joined(svg))),
                    data.get("text/html")
                        .map(|html| Content::Table { html: joined(html), text: joined(&data["text/plain"]) }),
                ];
                parts.extend(
                    content
                        .into_iter()
                        .flatten()
                        .map(|content| Part::Shown(Shown { cell: id(), number, heading: heading.clone(), content })),
                );
            }
        }
        Executed { parts }
    }

    /// All figures and tables.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Shown> {
        self.parts.iter().filter_map(|part| if let Part::Shown(shown) = part { Some(shown) } else { None })
    }
}

impl Shown {
    /// What the figure or table calls itself, as HTML: a figure's label for those who cannot see it, a table's caption.
    pub(super) fn title(&self) -> Option<&str> {
        let (text, start, end) = match &self.content {
            Content::Figure(svg) => (svg, "aria-label=\"", "\""),
            Content::Table { html, .. } => (html, "<caption", "</caption>"),
        };
        let after = &text[text.find(start)? + start.len()..];
        let inner = &after[..after.find(end)?];
        Some(if start == "<caption" { inner.split_once('>')?.1 } else { inner })
    }
}

/// Jupyter's text: whole, or as a list of lines.
fn joined(text: &Value) -> String {
    match text {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_string(),
    }
}

/// The headings in Markdown, without `#` and emphasis; a `#` within a block of code is none.
fn headings(markdown: &str) -> Vec<String> {
    let mut within_code = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            within_code = !within_code;
        }
        let text = line.trim_start_matches('#');
        if !within_code && text.len() < line.len() && text.starts_with(' ') {
            found.push(text.trim().replace(['*', '`'], ""));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_and_tables_stand_under_the_nearest_heading_with_the_number_of_their_cell() {
        let notebook = json!({ "cells": [
            { "cell_type": "markdown", "id": "a", "source": ["# 1 · *Faces*\n", "text\n", "```\n", "# no heading\n", "```"] },
            { "cell_type": "code", "id": "empty", "source": " ", "outputs": [] },
            { "cell_type": "code", "id": "b", "source": "let x = 1;", "outputs": [
                { "output_type": "stream", "name": "stdout", "text": "said" }] },
            { "cell_type": "markdown", "id": "c", "source": "## Counts (figure 4)" },
            { "cell_type": "code", "id": "d", "source": "counts()", "outputs": [{ "output_type": "execute_result",
                "data": { "image/svg+xml": ["<svg aria-label=\"Per &lt;class&gt;\">", "</svg>"], "text/plain": "Figure" } }] },
            { "cell_type": "code", "id": "e", "source": "table()", "outputs": [{ "output_type": "execute_result",
                "data": { "text/html": "<table><caption style=\"x\">All</caption></table>", "text/plain": ["1\n", "2"] } }] },
        ]});
        let executed = Executed::of(&notebook);
        let shown: Vec<&Shown> = executed.shown().collect();
        let about: Vec<_> =
            shown.iter().map(|one| (one.cell.as_str(), one.number, one.heading.as_str(), one.title())).collect();
        let heading = "Counts (figure 4)";
        assert_eq!(about, [("d", 2, heading, Some("Per &lt;class&gt;")), ("e", 3, heading, Some("All"))]);
        assert!(matches!(&shown[1].content, Content::Table { text, .. } if text == "1\n2"));
        let headings: Vec<_> = executed
            .parts
            .iter()
            .filter_map(|part| if let Part::Heading { text, cell } = part { Some((&**text, &**cell)) } else { None })
            .collect();
        assert_eq!(headings, [("1 · Faces", "a"), (heading, "c")]);
    }

    #[test]
    fn a_table_of_layers_has_no_title() {
        let content = Content::Table { html: "<pre>conv1</pre>".into(), text: "conv1".into() };
        assert_eq!(Shown { cell: "a".into(), number: 1, heading: "".into(), content }.title(), None);
    }
}
