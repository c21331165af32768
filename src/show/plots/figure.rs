//! A figure: an SVG image.

use super::canvas::{Canvas, Pixels, refused};
use super::palette::{TITLE, text_width};
use crate::Result;
use crate::base::files;
use crate::show::markup::escape;
use std::fmt;
use std::path::Path;

/// A figure as SVG text: shown by a notebook, or saved to a file.
///
/// ```
/// use manga_expressions::show::plots::{Figure, class_counts};
///
/// let classes = ["sad".to_string(), "happy".to_string()];
/// let figure = class_counts(&classes, &[56, 86])?;
/// assert!(figure.svg().starts_with("<svg"));
/// let both = Figure::stacked(&[&figure, &figure]);
/// assert_eq!(both.height(), 2 * figure.height());
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    title: String,
    width: u32,
    height: u32,
    svg: String,
}

impl Figure {
    /// A figure of `width` x `height` pixels, or wider where its title is, on which `paint` draws.
    pub(super) fn draw(
        title: &str,
        (width, height): Pixels,
        paint: impl FnOnce(&mut Canvas) -> Result<()>,
    ) -> Result<Figure> {
        let (width, height) = (width.max(text_width(title, TITLE) + 32) as u32, height as u32);
        let mut drawn = String::new();
        let mut canvas = Canvas::new(&mut drawn, title, (width, height))?;
        paint(&mut canvas)?;
        let pictures = canvas.finish()?;
        // plotters' own head and last tag are left off; pictures come between the background and all else.
        let body = drawn.trim_end().trim_end_matches("</svg>");
        let parts = body.split_once('>').and_then(|(_, body)| body.split_once("/>\n"));
        let (background, rest) = parts.ok_or_else(|| refused(title, "it is empty"))?;
        Ok(Figure::of(title, width, height, &format!("{background}/>\n{pictures}{rest}")))
    }

    fn of(title: &str, width: u32, height: u32, body: &str) -> Figure {
        let label = escape(title);
        let svg = format!(
            "<svg role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" style=\"max-width: 100%; height: auto\" xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>\n"
        );
        Figure { title: title.into(), width, height, svg }
    }

    /// Several figures as one, each below the one before, because a notebook cell shows only one.
    pub fn stacked(figures: &[&Figure]) -> Figure {
        let (width, mut height, mut body) = (figures.iter().map(|f| f.width).max().unwrap_or(0), 0, String::from("\n"));
        for figure in figures {
            body += &figure.svg.replacen("<svg", &format!("<svg y=\"{height}\""), 1);
            height += figure.height;
        }
        Figure::of(&titles(figures), width, height, &body)
    }

    /// Several figures as one, each at the right of the one before.
    pub fn beside(figures: &[&Figure]) -> Figure {
        let (mut width, height, mut body) =
            (0, figures.iter().map(|f| f.height).max().unwrap_or(0), String::from("\n"));
        for figure in figures {
            body += &figure.svg.replacen("<svg", &format!("<svg x=\"{width}\""), 1);
            width += figure.width;
        }
        Figure::of(&titles(figures), width, height, &body)
    }

    /// What the figure shows, in a few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The image as SVG text.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// Writes the image to a file, which any browser opens; its name should end in `.svg`. The file is replaced whole.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        files::replace_text(path.as_ref(), &self.svg)
    }
}

fn titles(figures: &[&Figure]) -> String {
    figures.iter().map(|figure| figure.title.as_str()).collect::<Vec<_>>().join("; ")
}

/// What the figure shows and its size; [`Figure::svg`] is the image.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Figure: {} ({} x {} pixels)", self.title, self.width, self.height)
    }
}
