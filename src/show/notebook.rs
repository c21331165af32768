//! How a Jupyter cell shows results.
//!
//! evcxr, the Rust kernel, calls the method `evcxr_display` of the value in which a cell ends. It prints the value once
//! for each way in which a page may show it; the page takes the richest that it can. Nothing else in the library knows
//! of notebooks.

use crate::data;
use crate::lessons::Lessons;
use crate::lessons::exercises::Verdict;
use crate::metrics::{Accuracy, ClassificationReport, ConfusionMatrix, Difference, Interval, McNemar};
use crate::net::nn;
use crate::show::markup::escape;
use crate::show::plots::{Figure, confusion_matrix};
use crate::show::tables::Table;
use std::fmt::Write;

/// What the kernel reads as one output: `contents` in several formats (MIME type and text).
fn output(contents: &[(&str, &str)]) -> String {
    contents.iter().fold(String::new(), |mut output, (format, text)| {
        // Writing to a String cannot fail.
        let _ = writeln!(output, "EVCXR_BEGIN_CONTENT {format}\n{}\nEVCXR_END_CONTENT", text.trim_end());
        output
    })
}

impl Table {
    /// Shows the table in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/html", &self.html()), ("text/plain", &self.to_string())]));
    }
}

impl Figure {
    /// Shows the figure in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("image/svg+xml", self.svg()), ("text/plain", &self.to_string())]));
    }
}

impl ConfusionMatrix {
    /// Shows the matrix as a figure in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        let figure = confusion_matrix(self);
        let svg = figure.iter().map(|f| ("image/svg+xml", f.svg()));
        print!("{}", output(&svg.chain([("text/plain", self.to_string().as_str())]).collect::<Vec<_>>()));
    }
}

impl ClassificationReport {
    /// Shows the report as a table in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        let html = Table::classification_report(self).map(|table| table.html());
        let html = html.iter().map(|html| ("text/html", html.as_str()));
        print!("{}", output(&html.chain([("text/plain", self.to_string().as_str())]).collect::<Vec<_>>()));
    }
}

impl data::Summary {
    /// Shows the numbers of a data set as a table in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        let html = Table::data_summary(self).map(|table| table.html());
        let html = html.iter().map(|html| ("text/html", html.as_str()));
        print!("{}", output(&html.chain([("text/plain", self.to_string().as_str())]).collect::<Vec<_>>()));
    }
}

impl nn::Summary {
    /// Shows the layers of a network as text in a notebook, which scrolls as it is long; the kernel calls this.
    pub fn evcxr_display(&self) {
        let text = self.to_string();
        let html = format!("<pre style=\"max-height: 30em; overflow: auto\">{}</pre>", escape(&text));
        print!("{}", output(&[("text/html", &html), ("text/plain", &text)]));
    }
}

impl Interval {
    /// Shows the interval in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/plain", &self.to_string())]));
    }
}

impl Accuracy {
    /// Shows the accuracy as a sentence in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/plain", &self.to_string())]));
    }
}

impl Difference {
    /// Shows the difference as a sentence in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/plain", &self.to_string())]));
    }
}

impl McNemar {
    /// Shows the test as a sentence in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/plain", &self.to_string())]));
    }
}

impl Verdict {
    /// Shows what is said of an answer in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        print!("{}", output(&[("text/plain", &self.to_string())]));
    }
}

impl Lessons {
    /// Shows the experiments as a table in a notebook; the kernel calls this.
    pub fn evcxr_display(&self) {
        match Table::lessons(self) {
            Ok(table) => table.evcxr_display(),
            Err(error) => print!("{}", output(&[("text/plain", &error.to_string())])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::output;

    #[test]
    fn each_format_stands_between_the_kernels_marks() {
        let text = output(&[("text/html", "<b>1</b>\n"), ("text/plain", "1")]);
        let html = "EVCXR_BEGIN_CONTENT text/html\n<b>1</b>\nEVCXR_END_CONTENT\n";
        let plain = "EVCXR_BEGIN_CONTENT text/plain\n1\nEVCXR_END_CONTENT\n";
        assert_eq!(text, format!("{html}{plain}"));
    }
}
