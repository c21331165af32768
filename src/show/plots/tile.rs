//! What one place of an image grid shows.

use super::Picture;
use super::canvas::{Canvas, Label, Pixels, Stroke};
use super::palette::{Colour, SMALL, TEXT, shortened};
use crate::Result;
use crate::data::Rectangle;

/// One place of an [`ImageGrid`](super::ImageGrid): a picture, a table of numbers or words, with text above and below.
///
/// ```
/// use manga_expressions::data::Rectangle;
/// use manga_expressions::show::plots::{Colour, Picture, Tile};
///
/// let picture = Picture::grey(3, 2, &[0, 128, 255, 255, 128, 0])?;
/// let right_half = Rectangle { top: 0, left: 1, height: 2, width: 2 };
/// let framed = Tile::picture(picture).above("a picture").frame(&right_half, "");
/// let numbers = Tile::numbers(2, &[("0.5".into(), Colour::WHITE), ("1.0".into(), Colour::level(100))]);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    content: Content,
    pub(super) above: Vec<String>,
    pub(super) below: Vec<String>,
    frames: Vec<(Rectangle, String)>,
}

#[derive(Clone, Debug, PartialEq)]
enum Content {
    Picture(Picture),
    /// Columns, and the cells row by row.
    Numbers(usize, Vec<(String, Colour)>),
    /// Large and small ones.
    Words(String, String),
}

impl Tile {
    fn new(content: Content) -> Tile {
        Tile { content, above: Vec::new(), below: Vec::new(), frames: Vec::new() }
    }

    /// A picture, its proportions kept.
    pub fn picture(picture: Picture) -> Tile {
        Tile::new(Content::Picture(picture))
    }

    /// A table of so many columns: texts, each on a colour, row by row.
    pub fn numbers(columns: usize, cells: &[(String, Colour)]) -> Tile {
        Tile::new(Content::Numbers(columns, cells.to_vec()))
    }

    /// Words: large ones, and small ones under them.
    pub fn words(large: &str, small: &str) -> Tile {
        Tile::new(Content::Words(large.into(), small.into()))
    }

    /// Adds a line of text above. The first is bold.
    pub fn above(mut self, line: &str) -> Tile {
        self.above.push(line.into());
        self
    }

    /// Adds a line of text below.
    pub fn below(mut self, line: &str) -> Tile {
        self.below.push(line.into());
        self
    }

    /// Adds a frame around a part, in pixels of the picture or in cells of the table, with a name inside; it may be empty.
    pub fn frame(mut self, part: &Rectangle, name: &str) -> Tile {
        self.frames.push((*part, name.into()));
        self
    }

    /// Rows and columns of pixels or cells.
    fn parts(&self) -> (usize, usize) {
        match &self.content {
            Content::Picture(picture) => (picture.height(), picture.width()),
            Content::Numbers(columns, cells) => (cells.len() / (*columns).max(1), *columns),
            Content::Words(..) => (1, 1),
        }
    }

    /// Why the tile cannot be drawn.
    pub(super) fn check(&self) -> std::result::Result<(), String> {
        let (rows, columns) = self.parts();
        if let Content::Numbers(columns, cells) = &self.content
            && (cells.is_empty() || *columns == 0 || cells.len() % columns != 0)
        {
            return Err(format!("{} numbers are no table of {columns} columns", cells.len()));
        }
        let outside = |part: &Rectangle| {
            part.height == 0
                || part.width == 0
                || part.top.saturating_add(part.height) > rows
                || part.left.saturating_add(part.width) > columns
        };
        match self.frames.iter().find(|(part, _)| outside(part)) {
            Some((part, _)) => Err(format!("the frame {part:?} is not within {rows} rows and {columns} columns")),
            None => Ok(()),
        }
    }

    /// Width and height within a square of `side` pixels.
    pub(super) fn size(&self, side: i32) -> Pixels {
        match &self.content {
            Content::Picture(picture) => picture.fit(side),
            Content::Numbers(columns, _) => {
                let cell = side / (*columns).max(1) as i32;
                (cell * *columns as i32, (cell * 3 / 4).clamp(20, 44) * self.parts().0 as i32)
            }
            Content::Words(..) => (side, 110),
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, (x, y): Pixels, (width, height): Pixels) -> Result<()> {
        let (rows, columns) = self.parts();
        let middle = x + width / 2;
        match &self.content {
            Content::Picture(picture) => {
                canvas.outline((x - 1, y - 1), (width + 1, height + 1), Stroke::new(Colour::LINE, 1))?;
                canvas.picture(picture, (x, y), (width, height))?;
            }
            Content::Numbers(_, cells) => {
                let size = (width / columns as i32, height / rows as i32);
                for (index, (text, colour)) in cells.iter().enumerate() {
                    let at = (x + (index % columns) as i32 * size.0, y + (index / columns) as i32 * size.1);
                    cell(canvas, at, size, *colour, text, false)?;
                }
            }
            Content::Words(large, small) => {
                canvas.text((middle, y + 40), Label::new(40).bold().centred(), &shortened(large, 40, width))?;
                canvas.text((middle, y + 84), Label::new(TEXT).centred(), &shortened(small, TEXT, width + 12))?;
            }
        }
        let at = |part: usize, of: usize, length: i32| (part as f64 * f64::from(length) / of as f64).round() as i32;
        for (part, name) in &self.frames {
            let (left, top) = (x + at(part.left, columns, width), y + at(part.top, rows, height));
            let right = x + at(part.left + part.width, columns, width);
            let bottom = y + at(part.top + part.height, rows, height);
            canvas.outline((left, top), (right - left, bottom - top), Stroke::new(Colour::VERMILLION, 2))?;
            if !name.is_empty() {
                canvas.filled((left + 1, top + 1), (22, 20), Colour::WHITE)?;
                canvas.text((left + 12, top + 11), Label::new(SMALL).bold().centred(), name)?;
            }
        }
        Ok(())
    }
}

/// A text on a coloured cell.
pub(super) fn cell(canvas: &Canvas, at: Pixels, size: Pixels, colour: Colour, text: &str, bold: bool) -> Result<()> {
    canvas.filled(at, size, colour)?;
    canvas.outline(at, size, Stroke::new(Colour::LINE, 1))?;
    let label =
        Label { colour: colour.of_text(), bold, ..Label::new(if size.0 < 44 { SMALL } else { TEXT }).centred() };
    canvas.text((at.0 + size.0 / 2, at.1 + size.1 / 2), label, text)
}
