//! The figures and tables of a notebook that ran, read from its file.

use crate::{Error, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A figure or table: the result of a code cell.
#[derive(Debug, PartialEq)]
pub(super) struct Shown {
    /// Which code cell made it, from 1.
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
    /// A table, as text.
    Table(String),
}

/// What the notebook in this file shows, from top to bottom.
pub(super) fn read(file: &Path) -> Result<Vec<Shown>> {
    let text = fs::read_to_string(file).map_err(Error::io("cannot read", file))?;
    let notebook: Value = serde_json::from_str(&text)
        .map_err(|error| Error::Lab(format!("{} is no notebook: {error}", file.display())))?;
    Ok(shown(&notebook))
}

fn shown(notebook: &Value) -> Vec<Shown> {
    let (mut all, mut heading, mut number) = (Vec::new(), String::new(), 0);
    for cell in notebook["cells"].as_array().into_iter().flatten() {
        let source = joined(&cell["source"]);
        if cell["cell_type"] == "markdown" {
            heading = last_heading(&source).unwrap_or(heading);
        }
        if cell["cell_type"] != "code" || source.trim().is_empty() {
            continue;
        }
        number += 1;
        for output in cell["outputs"].as_array().into_iter().flatten() {
            let data = &output["data"];
            let figure = data.get("image/svg+xml").map(|svg| Content::Figure(joined(svg)));
            let table = data.get("text/html").map(|_| Content::Table(joined(&data["text/plain"])));
            let both = figure.into_iter().chain(table);
            all.extend(both.map(|content| Shown { number, heading: heading.clone(), content }));
        }
    }
    all
}

/// Jupyter's text: whole, or as a list of lines.
fn joined(text: &Value) -> String {
    match text {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_string(),
    }
}

/// The last heading in Markdown, without `#` and emphasis; a `#` within a block of code is none.
fn last_heading(markdown: &str) -> Option<String> {
    let mut within_code = false;
    let mut last = None;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            within_code = !within_code;
        }
        let text = line.trim_start_matches('#');
        if !within_code && text.len() < line.len() && text.starts_with(' ') {
            last = Some(text.trim().replace(['*', '`'], ""));
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_and_tables_stand_under_the_nearest_heading_with_the_number_of_their_cell() {
        let notebook = json!({ "cells": [
            { "cell_type": "markdown", "source": ["# 1 · *Faces*\n", "text\n", "```\n", "# no heading\n", "```"] },
            { "cell_type": "code", "source": " ", "outputs": [] },
            { "cell_type": "code", "source": "let x = 1;", "outputs": [
                { "output_type": "stream", "name": "stdout", "text": "said" }] },
            { "cell_type": "code", "source": "x", "outputs": [{ "output_type": "execute_result",
                "data": { "text/html": "<pre>1</pre>", "text/plain": "1" } }] },
            { "cell_type": "markdown", "source": "## Counts (figure 4)" },
            { "cell_type": "code", "source": "counts()", "outputs": [{ "output_type": "execute_result",
                "data": { "image/svg+xml": ["<svg>", "</svg>"], "text/plain": "Figure" } }] },
            { "cell_type": "code", "source": "table()", "outputs": [{ "output_type": "execute_result",
                "data": { "text/html": "<table></table>", "text/plain": ["1\n", "2"] } }] },
        ]});
        let one = |number, heading: &str, content| Shown { number, heading: heading.into(), content };
        let expected = [
            one(2, "1 · Faces", Content::Table("1".into())),
            one(3, "Counts (figure 4)", Content::Figure("<svg></svg>".into())),
            one(4, "Counts (figure 4)", Content::Table("1\n2".into())),
        ];
        assert_eq!(shown(&notebook), expected);
    }
}
