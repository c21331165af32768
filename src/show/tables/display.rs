//! Tables as text and as HTML.

use super::{Format, Table};
use crate::show::markup::escape;
use polars::prelude::AnyValue;
use std::fmt;

/// A table as it is shown: the text of every cell, and how columns are aligned.
struct Shown {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    /// Whether a column is of numbers, which are aligned on the right.
    numeric: Vec<bool>,
}

impl Table {
    /// The table as HTML, for a notebook or a page: numbers aligned on the right, the title as its caption.
    ///
    /// It sets no colours, so that it is legible on light and dark pages.
    pub fn html(&self) -> String {
        let Shown { headers, rows, numeric } = self.shown();
        let cell = |tag: &str, column: usize, text: &str| {
            let align = if numeric[column] { "right" } else { "left" };
            format!("<{tag} style=\"text-align:{align}\">{}</{tag}>", escape(text))
        };
        let row = |tag: &str, texts: &[String]| {
            let cells: String = texts.iter().enumerate().map(|(i, text)| cell(tag, i, text)).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let body: String = rows.iter().map(|texts| row("td", texts)).collect();
        let note = match &self.note {
            Some(note) => format!("<p style=\"margin:0.3em 0.5em\">{}</p>\n", escape(note)),
            None => String::new(),
        };
        let table = "margin-left:0;border-collapse:collapse;font-variant-numeric:tabular-nums";
        let caption = "caption-side:top;text-align:left;padding:0.3em 0.5em;font-weight:bold";
        format!(
            "<table cellpadding=\"5\" style=\"{table}\">\n<caption style=\"{caption}\">{}</caption>\n\
             <thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table>\n{note}",
            escape(&self.title),
            row("th", &headers),
        )
    }

    /// The table as Markdown, for a README: without its title, the note under it.
    ///
    /// ```
    /// use manga_expressions::show::tables::Table;
    ///
    /// let table = Table::new("Methods").with_text("method", &["a|b".to_string()])?.with_numbers("accuracy", &[0.5], 1)?;
    /// assert_eq!(table.markdown(), "| method | accuracy |\n|---|---:|\n| a\\|b | 0.5 |\n");
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn markdown(&self) -> String {
        let Shown { headers, rows, numeric } = self.shown();
        // A stroke within a cell would end it.
        let row = |cells: &Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|text| text.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let line: String = numeric.iter().map(|&numeric| if numeric { "---:|" } else { "---|" }).collect();
        let body: String = rows.iter().map(row).collect();
        let note = self.note.as_ref().map_or(String::new(), |note| format!("\n{note}\n"));
        format!("{}|{line}\n{body}{note}", row(&headers))
    }

    fn shown(&self) -> Shown {
        let columns = self.frame.columns();
        let text = |row: usize, column: usize| match columns[column].get(row) {
            Ok(value) => self.formats[column].show(&value),
            Err(_) => String::new(),
        };
        let shown = (0..columns.len()).filter(|&column| !matches!(self.formats[column], Format::Hidden));
        let shown: Vec<usize> = shown.collect();
        Shown {
            headers: shown.iter().map(|&c| columns[c].name().to_string()).collect(),
            rows: (0..self.rows()).map(|r| shown.iter().map(|&c| text(r, c)).collect()).collect(),
            numeric: shown.iter().map(|&c| !matches!(self.formats[c], Format::Text)).collect(),
        }
    }
}

/// The title, then columns aligned with spaces.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Shown { headers, rows, numeric } = self.shown();
        let lines: Vec<&Vec<String>> = std::iter::once(&headers).chain(&rows).collect();
        let width = |column: usize| lines.iter().map(|l| l[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..headers.len()).map(width).collect();
        writeln!(f, "{}\n", self.title)?;
        for line in lines {
            let cells = line.iter().zip(&widths).zip(&numeric);
            let cells = cells.map(|((text, &width), &numeric)| match numeric {
                true => format!("{text:>width$}"),
                false => format!("{text:<width$}"),
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        match &self.note {
            Some(note) => writeln!(f, "\n{note}"),
            None => Ok(()),
        }
    }
}

impl Format {
    fn show(self, value: &AnyValue) -> String {
        match (self, value) {
            (_, AnyValue::Null) => String::new(),
            (Format::Decimals(digits), AnyValue::Float64(v)) => format!("{v:.digits$}"),
            (Format::Significant(digits), AnyValue::Float64(v)) => significant(*v, digits),
            (_, value) => value.get_str().map_or_else(|| value.to_string(), str::to_string),
        }
    }
}

/// `value` rounded to `digits` digits from its first that is not 0, without trailing zeros.
fn significant(value: f64, digits: usize) -> String {
    let rounded = format!("{value:.*e}", digits.saturating_sub(1));
    match rounded.parse::<f64>() {
        Ok(rounded) => rounded.to_string(),
        Err(_) => rounded,
    }
}
