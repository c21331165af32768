//! Pictures in rows and columns, with captions and frames.

use super::canvas::{Canvas, Label, Pixels, Stroke, refused};
use super::palette::{Colour, LINE_HEIGHT, SMALL, TEXT, TITLE, TOP, WIDTH, longest, shortened, text_width};
use super::tile::Tile;
use super::{Figure, Picture};
use crate::Result;

/// Space between pictures in pixels.
const GAP: i32 = 14;
/// Largest side of a picture in pixels where none is given.
const SIDE: i32 = 260;
/// Pictures (and tables of numbers, and words) in rows and columns, each with lines of text above and below.
///
/// ```
/// use manga_expressions::show::plots::{ImageGrid, Picture, Tile};
///
/// let picture = Picture::grey(3, 2, &[0, 128, 255, 255, 128, 0])?;
/// let tiles = vec![Tile::picture(picture.clone()).above("a picture"), Tile::picture(picture).below("again")];
/// let grid = ImageGrid { rows: vec![("sad".into(), tiles)], ..ImageGrid::new("Photos") };
/// assert_eq!(grid.draw()?.svg().matches("<image").count(), 2);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ImageGrid {
    /// What stands above.
    pub title: String,
    /// A line of text under the title; it may be empty.
    pub note: String,
    /// So many columns; where nothing is said as many as there are tiles, and six at most.
    pub columns: Option<usize>,
    /// Each picture fills a square of so many pixels, 20 to 600; where nothing is said as many as a notebook's width has
    /// room for.
    pub side: Option<i32>,
    /// Rows with their names at the left, which may be empty; those that are longer than the columns take several rows.
    pub rows: Vec<(String, Vec<Tile>)>,
    /// What the ends of the colours of [`Colour::heat`] mean, of which a scale is then at the bottom.
    pub scale: Option<(String, String)>,
}

impl ImageGrid {
    /// A figure of this title, without tiles yet.
    pub fn new(title: &str) -> ImageGrid {
        let (title, note) = (title.into(), String::new());
        ImageGrid { title, note, columns: None, side: None, rows: Vec::new(), scale: None }
    }

    /// Tiles under a title, in as many rows as they need of so many columns.
    pub fn of(title: &str, columns: usize, tiles: &[Tile]) -> ImageGrid {
        ImageGrid { columns: Some(columns), rows: vec![(String::new(), tiles.to_vec())], ..ImageGrid::new(title) }
    }

    /// The grid as a figure.
    ///
    /// # Errors
    /// [`Error::Output`](crate::Error::Output) without a tile; a frame that is not within its picture.
    pub fn draw(&self) -> Result<Figure> {
        let tiles = || self.rows.iter().flat_map(|(_, tiles)| tiles);
        if tiles().next().is_none() {
            return Err(refused(&self.title, "there is no picture to draw"));
        }
        tiles().try_for_each(Tile::check).map_err(|why| refused(&self.title, why))?;
        let names = longest(self.rows.iter().map(|(name, _)| name), TEXT);
        let left = if names > 0 { 28 + names } else { GAP };
        let first = TOP + if self.note.is_empty() { 0 } else { LINE_HEIGHT + 2 };
        let rows: Vec<Row> = self.rows.iter().flat_map(|(name, tiles)| self.wrapped(name, tiles, left)).collect();
        let bottom = first + rows.iter().map(Row::height).sum::<i32>();
        let used = rows.iter().map(|row| left + row.tiles.len() as i32 * (row.side + GAP)).max().unwrap_or(0);
        let scale =
            self.scale.as_ref().map_or(0, |(cold, hot)| GAP + text_width(cold, SMALL) + text_width(hot, SMALL) + 300);
        let width =
            used.max(240).max(text_width(&self.title, TITLE) + 32).max(text_width(&self.note, SMALL) + 32).max(scale);
        Figure::draw(&self.title, (width, bottom + if self.scale.is_some() { 34 } else { 2 }), |canvas| {
            canvas.text((16, TOP + 4), Label::new(SMALL).grey(), &self.note)?;
            let mut top = first;
            for row in &rows {
                let middle = top + row.above + row.content / 2;
                canvas.text((left - 12, middle), Label::new(TEXT).right(), row.name)?;
                row.draw(canvas, (left, top))?;
                top += row.height();
            }
            self.scale.iter().try_for_each(|(cold, hot)| draw_scale(canvas, bottom, cold, hot))
        })
    }

    /// The tiles of one row in as many as they need.
    fn wrapped<'a>(&self, name: &'a str, tiles: &'a [Tile], left: i32) -> Vec<Row<'a>> {
        let columns = self.columns.unwrap_or(tiles.len().min(6)).clamp(1, 50);
        let room = (WIDTH - left) / columns as i32 - GAP;
        let side = self.side.map_or(room.clamp(20, SIDE), |side| side.clamp(20, 600));
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        names.zip(tiles.chunks(columns)).map(|(name, tiles)| Row::new(name, tiles, side)).collect()
    }
}

/// Tiles side by side.
struct Row<'a> {
    name: &'a str,
    tiles: &'a [Tile],
    side: i32,
    /// Heights of the text above, of the highest picture and of the text below.
    above: i32,
    content: i32,
    below: i32,
}

impl<'a> Row<'a> {
    fn new(name: &'a str, tiles: &'a [Tile], side: i32) -> Row<'a> {
        let lines = |count: usize| if count == 0 { 0 } else { LINE_HEIGHT * count as i32 + 4 };
        Row {
            name,
            above: lines(tiles.iter().map(|tile| tile.above.len()).max().unwrap_or(0)),
            content: tiles.iter().map(|tile| tile.size(side).1).max().unwrap_or(0),
            below: lines(tiles.iter().map(|tile| tile.below.len()).max().unwrap_or(0)),
            tiles,
            side,
        }
    }

    fn height(&self) -> i32 {
        self.above + self.content + self.below + GAP
    }

    fn draw(&self, canvas: &mut Canvas, (left, top): Pixels) -> Result<()> {
        for (column, tile) in (0..).zip(self.tiles) {
            let x = left + column * (self.side + GAP);
            let size = tile.size(self.side);
            let corner = (x + (self.side - size.0) / 2, top + self.above + (self.content - size.1) / 2);
            tile.draw(canvas, corner, size)?;
            // Text stands on its picture, and under it.
            let first = top + self.above - LINE_HEIGHT * tile.above.len() as i32 + 6;
            self.lines(canvas, (x, first), &tile.above, true)?;
            let last = top + self.above + self.content + LINE_HEIGHT / 2 + 3;
            self.lines(canvas, (x, last), &tile.below, tile.above.is_empty() && tile.below.len() > 1)?;
        }
        Ok(())
    }

    /// Lines of text centred in the column that begins at `x`; the first one bold, where it is a name.
    fn lines(&self, canvas: &Canvas, (x, y): Pixels, lines: &[String], named: bool) -> Result<()> {
        for (index, line) in (0..).zip(lines) {
            let label = if named && index == 0 { Label::new(SMALL).bold() } else { Label::new(SMALL).grey() };
            let text = shortened(line, SMALL, self.side + GAP - 2);
            canvas.text((x + self.side / 2, y + LINE_HEIGHT * index), label.centred(), &text)?;
        }
        Ok(())
    }
}

fn draw_scale(canvas: &mut Canvas, top: i32, cold: &str, hot: &str) -> Result<()> {
    let amounts: Vec<f64> = (0..=255).map(|i| f64::from(i) / 255.0).collect();
    let left = GAP + text_width(cold, SMALL) + 6;
    canvas.text((GAP, top + 12), Label::new(SMALL).grey(), cold)?;
    canvas.picture(&Picture::heat(256, 1, &amounts)?, (left, top + 6), (256, 12))?;
    canvas.outline((left, top + 6), (256, 12), Stroke::new(Colour::LINE, 1))?;
    canvas.text((left + 264, top + 12), Label::new(SMALL).grey(), hot)
}
