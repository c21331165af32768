//! One chart of lines on a canvas: axes, bands, levels, lines, marks.

use super::LineChart;
use super::axis::{Axis, is_number};
use super::canvas::{Canvas, Label, Pixels, Stroke};
use super::line::Line;
use super::palette::{BAND, Colour, PALE, SMALL, TEXT, longest, shortened};
use crate::Result;

/// A chart at its place.
pub(super) struct Panel<'a> {
    chart: &'a LineChart,
    x: Axis,
    y: Axis,
    /// Upper left and lower right corner of what the axes span.
    from: Pixels,
    to: Pixels,
    /// Upper left corner and width of all.
    corner: Pixels,
    width: i32,
}

impl<'a> Panel<'a> {
    /// Height of a title above a chart.
    fn title_height(chart: &LineChart) -> i32 {
        if chart.title.is_empty() { 10 } else { 32 }
    }

    /// Height of what stands below the axis.
    fn foot(chart: &LineChart) -> i32 {
        if chart.x_name.is_empty() { 30 } else { 52 }
    }

    /// Height of a chart with its title and its axis.
    pub(super) fn height(chart: &LineChart) -> i32 {
        chart.height.clamp(120, 10_000) as i32
    }

    /// The chart with its upper left corner at `corner`.
    pub(super) fn new(chart: &'a LineChart, corner: Pixels, width: i32) -> Panel<'a> {
        let mut all: Vec<(f64, f64)> = chart.marks.iter().map(|(_, _, at)| *at).collect();
        for line in &chart.lines {
            all.extend(&line.points);
            all.extend(line.band.iter().chain(&line.intervals).flat_map(|&(x, low, high)| [(x, low), (x, high)]));
        }
        all.extend(chart.columns.iter().flat_map(|&(_, left, right, y)| [(left, 0.0), (right, y)]));
        let x = chart.x.axis(all.iter().map(|point| point.0).chain(chart.uprights.iter().copied()));
        let below_top = |y: &f64| chart.top.is_none_or(|top| *y <= top);
        let y = all.iter().map(|point| point.1).chain(chart.levels.iter().map(|(_, value)| *value));
        let y = chart.y.axis(y.filter(below_top).chain(chart.top).chain(chart.reach));
        let name = if chart.y_name.is_empty() { 8 } else { 26 };
        let left = corner.0 + name + longest(y.texts(), SMALL) + 10;
        Panel {
            from: (left, corner.1 + Panel::title_height(chart)),
            to: (corner.0 + width - 24, corner.1 + Panel::height(chart) - Panel::foot(chart)),
            chart,
            x,
            y,
            corner,
            width,
        }
    }

    /// Lets the x axes of charts that stand one above the other, in so many `columns`, begin at one place.
    pub(super) fn align(panels: &mut [Panel], columns: usize) {
        for column in 0..columns {
            let left = panels.iter().skip(column).step_by(columns).map(|panel| panel.from.0).max().unwrap_or(0);
            panels.iter_mut().skip(column).step_by(columns).for_each(|panel| panel.from.0 = left);
        }
    }

    pub(super) fn draw(&self, canvas: &Canvas) -> Result<()> {
        self.axes(canvas)?;
        for &(colour, left, right, height) in &self.chart.columns {
            let (from, to) = (self.at((left, height.max(0.0))), self.at((right, height.min(0.0))));
            // A gap between bars, where there is room for it.
            let width = to.0 - from.0;
            canvas.filled(from, ((width - i32::from(width > 3)).max(1), to.1 - from.1), colour)?;
        }
        for (index, line) in self.chart.lines.iter().enumerate() {
            let lower = line.band.iter().map(|&(x, low, _)| self.at((x, low)));
            let upper = line.band.iter().rev().map(|&(x, _, high)| self.at((x, high)));
            if !line.band.is_empty() {
                canvas.area(&lower.chain(upper).collect::<Vec<_>>(), colour(line, index), BAND)?;
            }
        }
        let dashes = |width| Stroke::new(Colour::GREY, width).dashed(true);
        for (_, value) in &self.chart.levels {
            let y = self.at((0.0, *value)).1;
            canvas.line(&[(self.from.0, y), (self.to.0, y)], dashes(2))?;
        }
        for value in &self.chart.uprights {
            let x = self.at((*value, 0.0)).0;
            canvas.line(&[(x, self.from.1), (x, self.to.1)], dashes(1))?;
        }
        for (index, line) in self.chart.lines.iter().enumerate() {
            self.line(canvas, line, colour(line, index))?;
        }
        // Last, so that no line hides one.
        self.chart.marks.iter().try_for_each(|(mark, colour, at)| mark.draw(canvas, self.at(*at), *colour))
    }

    fn axes(&self, canvas: &Canvas) -> Result<()> {
        let ((left, top), (right, bottom)) = (self.from, self.to);
        let middle = (left + right) / 2;
        let text = Label::new(SMALL);
        let title = shortened(&self.chart.title, TEXT, self.width);
        canvas.text((self.corner.0 + self.width / 2, self.corner.1 + 14), Label::new(TEXT).bold().centred(), &title)?;
        for (at, tick) in self.y.ticks() {
            let y = bottom - (at * f64::from(bottom - top)).round() as i32;
            canvas.line(&[(left, y), (right, y)], Stroke::new(Colour::LINE, 1))?;
            canvas.text((left - 8, y), text.right(), tick)?;
        }
        for (at, tick) in self.x.ticks() {
            let x = left + (at * f64::from(right - left)).round() as i32;
            canvas.line(&[(x, bottom), (x, bottom + 5)], Stroke::new(Colour::GREY, 1))?;
            canvas.text((x, bottom + 16), text.centred(), tick)?;
        }
        canvas.line(&[(left, top), (left, bottom), (right, bottom)], Stroke::new(Colour::GREY, 1))?;
        let (x, y) = (&self.chart.x_name, &self.chart.y_name);
        if !x.is_empty() {
            canvas.text((middle, bottom + 38), text.centred(), &shortened(x, SMALL, right - left + 40))?;
        }
        if !y.is_empty() {
            let upwards = Label { upwards: true, ..text.centred() };
            canvas.text((self.corner.0 + 14, (top + bottom) / 2), upwards, &shortened(y, SMALL, bottom - top + 20))?;
        }
        Ok(())
    }

    fn line(&self, canvas: &Canvas, line: &Line, colour: Colour) -> Result<()> {
        for &(x, low, high) in &line.intervals {
            canvas.line(&[self.at((x, low)), self.at((x, high))], Stroke::new(colour, 2))?;
        }
        let points: Vec<(f64, f64)> = line.points.iter().copied().filter(|(_, y)| is_number(*y)).collect();
        // Without a `top` nothing is above the end of the axis.
        let parts = if self.chart.top.is_some() { below(self.y.end(), &points) } else { vec![points] };
        let opacity = if line.width == 1 { PALE } else { 1.0 };
        let stroke = Stroke { opacity, ..Stroke::new(colour, line.width.clamp(1, 20)).dashed(line.dashed) };
        for part in &parts {
            let pixels: Vec<Pixels> = part.iter().map(|&point| self.at(point)).collect();
            if line.mark.is_none() && pixels.len() > 1 {
                canvas.line(&pixels, stroke)?;
            }
            // A line of one point would not be seen without its dot.
            let radius = if line.dots || pixels.len() == 1 && line.mark.is_none() { radius(&pixels) } else { 0 };
            if radius > 0 {
                pixels.iter().try_for_each(|&pixel| canvas.dot(pixel, radius, colour))?;
            }
            if let Some(mark) = line.mark {
                pixels.iter().try_for_each(|&pixel| mark.draw(canvas, pixel, colour))?;
            }
        }
        Ok(())
    }

    /// Where a point is, in pixels.
    fn at(&self, (x, y): (f64, f64)) -> Pixels {
        let along = |at: f64, from: i32, to: i32| from + (at * f64::from(to - from)).round() as i32;
        (along(self.x.at(x), self.from.0, self.to.0), along(self.y.at(y), self.to.1, self.from.1))
    }
}

fn colour(line: &Line, index: usize) -> Colour {
    line.colour.unwrap_or(Colour::series(index))
}

/// Radius of the dots of a line; 0 where they would stand so close that they hid it.
fn radius(points: &[Pixels]) -> i32 {
    let (Some(first), Some(last), false) = (points.first(), points.last(), points.len() == 1) else { return 4 };
    match (last.0 - first.0).abs() / (points.len() as i32 - 1) {
        0..8 => 0,
        8..18 => 2,
        18..30 => 3,
        _ => 4,
    }
}

/// The parts of the line through `points` that are not above `top`, each up to where it crosses it.
fn below(top: f64, points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    for (i, &(x, y)) in points.iter().enumerate() {
        if let Some(&(x0, y0)) = i.checked_sub(1).map(|before| &points[before])
            && (y0 > top) != (y > top)
        {
            part.push((x0 + (x - x0) * (top - y0) / (y - y0), top));
            if y > top {
                parts.push(std::mem::take(&mut part));
            }
        }
        if y <= top {
            part.push((x, y));
        }
    }
    parts.push(part);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_line_is_cut_where_it_crosses_the_top() {
        let zigzag = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 1.0), (4.0, 1.5)];
        let parts = vec![vec![(0.0, 1.0), (0.5, 2.0)], vec![(2.75, 2.0), (3.0, 1.0), (4.0, 1.5)]];
        assert_eq!(below(2.0, &zigzag), parts);
        assert_eq!(below(9.0, &zigzag), vec![zigzag.to_vec()]);
        assert_eq!(below(0.5, &zigzag), Vec::<Vec<_>>::new());
    }
}
