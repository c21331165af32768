//! Line charts: something against something else.

use super::axis::{Scale, is_number};
use super::canvas::{Label, refused};
use super::line_panel::Panel;
use super::marks::Key;
use super::palette::{LINE_HEIGHT, SMALL, TOP, WIDTH};
use super::{Colour, Figure, Line, Mark};
use crate::Result;

/// A chart of lines, with levels, marks and a key.
///
/// A value that is not a number is left out, and the title then says where. The key names each line, level and mark once.
///
/// ```
/// use manga_expressions::show::plots::{Line, LineChart, Scale};
///
/// let training = Line { dashed: true, ..Line::new("training", &[(1.0, 0.30), (2.0, 0.55), (3.0, 0.80)]) };
/// let validation = Line { dots: true, ..Line::new("validation", &[(1.0, 0.28), (2.0, 0.41), (3.0, 0.44)]) };
/// let chart = LineChart {
///     x: Scale::Whole,
///     y: Scale::Percent,
///     lines: vec![training, validation],
///     levels: vec![("always the majority class".into(), 0.224)],
///     ..LineChart::new("Accuracy against epochs", "epoch", "accuracy")
/// };
/// assert!(chart.draw()?.svg().contains("always the majority class"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// What stands above it.
    pub title: String,
    /// What the x axis shows; it may be empty.
    pub x_name: String,
    /// What the y axis shows; it may be empty.
    pub y_name: String,
    /// The x axis: [`Scale::Linear`] where nothing is said.
    pub x: Scale,
    /// The y axis: [`Scale::FromZero`] where nothing is said.
    pub y: Scale,
    /// Where the y axis ends, a little above this value; lines that go on above it are cut where they cross it.
    pub top: Option<f64>,
    /// A value that the y axis reaches at least, as to compare several charts.
    pub reach: Option<f64>,
    /// The lines, the last one uppermost.
    pub lines: Vec<Line>,
    /// Upright bars from y = 0, below the lines: colour, x at the left, x at the right and y.
    pub columns: Vec<(Colour, f64, f64, f64)>,
    /// Dashed grey lines at one value of y, such as what the majority class has: name and value.
    pub levels: Vec<(String, f64)>,
    /// Thin upright lines at one value of x, such as the best epoch.
    pub uprights: Vec<f64>,
    /// Marks at points, over all else. They are named by [`LineChart::keys`].
    pub marks: Vec<(Mark, Colour, (f64, f64))>,
    /// Names in the key beside those of lines and levels.
    pub keys: Vec<(Mark, Colour, String)>,
    /// A line of text under the title.
    pub note: String,
    /// Height in pixels without title and key, 400 where nothing is said; 120 at least.
    pub height: u32,
}

impl LineChart {
    /// A chart of this title, with what its axes show. Of several charts in one figure the title may be empty, too.
    pub fn new(title: &str, x_name: &str, y_name: &str) -> LineChart {
        LineChart {
            title: title.into(),
            x_name: x_name.into(),
            y_name: y_name.into(),
            x: Scale::Linear,
            y: Scale::FromZero,
            top: None,
            reach: None,
            lines: Vec::new(),
            columns: Vec::new(),
            levels: Vec::new(),
            uprights: Vec::new(),
            marks: Vec::new(),
            keys: Vec::new(),
            note: String::new(),
            height: 400,
        }
    }

    /// The chart as a figure.
    ///
    /// # Errors
    /// [`Error::Output`](crate::Error::Output) for a chart without a point, and for values that an axis cannot show: 0 on a
    /// logarithmic one, 1.2 as a fraction, an x that is not a number.
    pub fn draw(&self) -> Result<Figure> {
        let untitled = LineChart { title: String::new(), ..self.clone() };
        LineChart::figure(&self.whole_title(), 1, &[untitled])
    }

    /// Several charts in one figure, in rows of `columns`, each under its own title, with one key for all.
    ///
    /// # Errors
    /// As [`LineChart::draw`]; no chart.
    ///
    /// ```
    /// use manga_expressions::show::plots::{Line, LineChart};
    ///
    /// let chart = |title: &str, y: f64| {
    ///     let lines = vec![Line::new("seed 1", &[(1.0, y), (2.0, 2.0 * y)])];
    ///     LineChart { lines, ..LineChart::new(title, "epoch", "") }
    /// };
    /// let figure = LineChart::grid("One training", 2, &[chart("Loss", 0.5), chart("Seconds", 3.0)])?;
    /// assert_eq!(figure.svg().matches("seed 1").count(), 1);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn grid(title: &str, columns: usize, charts: &[LineChart]) -> Result<Figure> {
        let titled = |chart: &LineChart| LineChart { title: chart.whole_title(), ..chart.clone() };
        LineChart::figure(title, columns.max(1), &charts.iter().map(titled).collect::<Vec<_>>())
    }

    /// The title, and of all lines the first place whose value is not a number.
    fn whole_title(&self) -> String {
        let points = self.lines.iter().flat_map(|line| &line.points);
        match points.filter(|(_, y)| !is_number(*y)).map(|(x, _)| *x).min_by(f64::total_cmp) {
            Some(x) => format!("{} (not a number in {} {x})", self.title, self.x_name),
            None => self.title.clone(),
        }
    }

    fn figure(title: &str, columns: usize, charts: &[LineChart]) -> Result<Figure> {
        if charts.is_empty() {
            return Err(refused(title, "there is no chart to draw"));
        }
        charts.iter().try_for_each(|chart| chart.check().map_err(|why| refused(title, why)))?;
        let mut key = Key::default();
        for chart in charts {
            for (index, line) in chart.lines.iter().enumerate() {
                key.add(line.key(), line.colour.unwrap_or(Colour::series(index)), &line.name);
            }
            chart.levels.iter().for_each(|(name, _)| key.add(Mark::Dashes, Colour::GREY, name));
        }
        charts.iter().flat_map(|chart| &chart.keys).for_each(|(mark, colour, name)| key.add(*mark, *colour, name));
        let notes: Vec<&String> = charts.iter().map(|chart| &chart.note).filter(|note| !note.is_empty()).collect();
        let room = WIDTH - 36;
        let below_notes = TOP + LINE_HEIGHT * notes.len() as i32;
        let first = below_notes + key.height(room);
        let heights: Vec<i32> =
            charts.chunks(columns).map(|row| row.iter().map(Panel::height).max().unwrap_or(0)).collect();
        let width = (WIDTH - 8) / columns as i32;
        Figure::draw(title, (WIDTH, first + heights.iter().sum::<i32>()), |canvas| {
            for (line, note) in (0..).zip(&notes) {
                canvas.text((18, TOP + LINE_HEIGHT * line + 4), Label::new(SMALL).grey(), note)?;
            }
            key.draw(canvas, (18, below_notes), room)?;
            let mut top = first;
            let mut panels = Vec::new();
            for (row, height) in charts.chunks(columns).zip(&heights) {
                let places = (0..).map(|column| (4 + column * width, top));
                panels.extend(row.iter().zip(places).map(|(chart, corner)| Panel::new(chart, corner, width - 8)));
                top += height;
            }
            Panel::align(&mut panels, columns);
            panels.iter().try_for_each(|panel| panel.draw(canvas))
        })
    }

    /// Why the chart cannot be drawn.
    fn check(&self) -> std::result::Result<(), String> {
        let points = || self.lines.iter().flat_map(|line| line.points.iter().map(move |point| (&line.name, point)));
        if points().all(|(_, (_, y))| !is_number(*y)) && self.columns.is_empty() {
            return Err("there is no point to draw".into());
        }
        for (name, &(x, y)) in points() {
            self.x.check(&format!("an x of the line {name:?}"), x)?;
            if is_number(y) {
                self.y.check(&format!("a y of the line {name:?}"), y)?;
            }
        }
        for &(_, left, right, y) in &self.columns {
            [left, right].into_iter().try_for_each(|x| self.x.check("an x of a bar", x))?;
            self.y.check("a y of a bar", y)?;
        }
        for line in &self.lines {
            // What lies outside of an axis is cut, as intervals may.
            let ends = line.band.iter().chain(&line.intervals).flat_map(|&(x, low, high)| [x, low, high]);
            let what = format!("an interval of the line {:?}", line.name);
            ends.into_iter().try_for_each(|end| Scale::Linear.check(&what, end))?;
        }
        let marks = self.marks.iter().map(|(_, _, at)| at);
        self.uprights
            .iter()
            .chain(marks.clone().map(|(x, _)| x))
            .try_for_each(|&x| self.x.check("the x of a mark", x))?;
        let levels = self.levels.iter().map(|(_, value)| value).chain(&self.top).chain(&self.reach);
        levels.chain(marks.map(|(_, y)| y)).try_for_each(|&y| self.y.check("a level or the y of a mark", y))
    }
}
