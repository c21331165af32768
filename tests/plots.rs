//! The four mechanisms of figures: what they show, what they refuse, and that texts stay apart.

#[path = "common/svg.rs"]
mod svg;

use manga_expressions::data::Rectangle;
use manga_expressions::metrics::Interval;
use manga_expressions::show::plots::{
    self, Colour, Estimate, Figure, ImageGrid, IntervalRows, Line, LineChart, Mark, Picture, Quantity, Scale, Tile,
    bars,
};
use manga_expressions::study::experiment::{AboutFollowed, FollowedTraining};
use manga_expressions::training::{Epoch, Glance, History, Snapshot, Statistics, Trajectory};
use svg::{attributes, check, check_apart, numbers, texts};

fn refused(result: manga_expressions::Result<Figure>, why: &str) {
    let error = result.unwrap_err().to_string();
    assert!(error.starts_with("cannot make the figure") && error.contains(why), "{error}");
}

fn chart(points: &[(f64, f64)]) -> LineChart {
    LineChart { lines: vec![Line::new("line", points)], ..LineChart::new("Title", "epoch", "loss") }
}

fn fractions(value: f64) -> IntervalRows {
    let rows = vec![("row".to_string(), vec![Estimate::new("estimate", value)])];
    IntervalRows { rows, ..IntervalRows::new("Rows", Scale::Percent) }
}

/// A name that no figure has room for.
fn long(index: usize) -> String {
    format!("{index} {}", "a rather long name ".repeat(12).trim_end())
}

/// Where a text stands, in pixels from the left and from above.
fn place(figure: &Figure, text: &str) -> (i32, i32) {
    let at = texts(figure).iter().position(|t| t == text).unwrap_or_else(|| panic!("{text} in {:?}", texts(figure)));
    (numbers(figure.svg(), "text", "x")[at], numbers(figure.svg(), "text", "y")[at])
}

#[test]
fn a_line_is_where_its_axes_say() {
    let points = [(1.0, 0.0), (10.0, 0.5), (100.0, 1.0)];
    let chart = LineChart { x: Scale::Logarithmic, y: Scale::Percent, ..chart(&points) };
    let figure = chart.draw().unwrap();
    check(&figure);
    check_apart(&figure);
    // The axes are the first line of three points, and this the second.
    let of_three = |p: &&str| p.split_whitespace().count() == 3;
    let line = attributes(figure.svg(), "polyline", "points").into_iter().filter(of_three).nth(1).unwrap();
    let at = |text: &str| text.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
    let found: Vec<(i32, i32)> = line.split_whitespace().map(at).collect();
    for ((x, y), (tick_x, tick_y)) in found.iter().zip([("1", "0 %"), ("10", "20 %"), ("100", "100 %")]) {
        assert!((x - place(&figure, tick_x).0).abs() <= 1, "{tick_x}");
        assert!(tick_y == "20 %" || (y - place(&figure, tick_y).1).abs() <= 1, "{tick_y}");
    }
    let half = (place(&figure, "40 %").1 + place(&figure, "60 %").1) / 2;
    assert!((found[1].1 - half).abs() <= 1);
}

#[test]
fn charts_without_a_point_and_values_that_no_axis_has_are_refused() {
    refused(LineChart::new("Empty", "x", "y").draw(), "there is no point");
    refused(chart(&[]).draw(), "there is no point");
    refused(chart(&[(1.0, f64::NAN), (2.0, f64::INFINITY)]).draw(), "there is no point");
    refused(chart(&[(f64::NAN, 1.0)]).draw(), "an x of the line \"line\" is NaN");
    refused(LineChart { y: Scale::Logarithmic, ..chart(&[(1.0, 2.0), (2.0, 0.0)]) }.draw(), "numbers above 0");
    refused(LineChart { y: Scale::Percent, ..chart(&[(1.0, 1.2)]) }.draw(), "fractions are from 0 to 1");
    refused(LineChart { levels: vec![("level".into(), f64::NAN)], ..chart(&[(1.0, 1.0)]) }.draw(), "a level");
    refused(LineChart { uprights: vec![f64::NAN], ..chart(&[(1.0, 1.0)]) }.draw(), "a mark");
    let banded = Line { band: vec![(1.0, f64::NAN, 2.0)], ..Line::new("banded", &[(1.0, 1.0)]) };
    refused(LineChart { lines: vec![banded], ..chart(&[]) }.draw(), "an interval of the line \"banded\"");
    refused(LineChart::grid("None", 2, &[]), "there is no chart");
}

#[test]
fn what_is_not_a_number_is_left_out_and_named() {
    let figure = chart(&[(1.0, 2.0), (2.0, f64::NAN), (3.0, 4.0), (4.0, f64::INFINITY)]).draw().unwrap();
    check(&figure);
    assert_eq!(figure.title(), "Title (not a number in epoch 2)");
    let grid = LineChart::grid("Both", 2, &[chart(&[(5.0, f64::NAN), (6.0, 1.0)]), chart(&[(1.0, 1.0)])]).unwrap();
    assert_eq!(grid.title(), "Both");
    assert!(texts(&grid).iter().any(|text| text == "Title (not a number in epoch 5)"));
}

#[test]
fn one_point_huge_numbers_and_equal_numbers_are_drawn() {
    let one = chart(&[(3.0, 2.0)]).draw().unwrap();
    check(&one);
    assert_eq!(attributes(one.svg(), "circle", "r").len(), 1, "a line of one point is a dot");
    for scale in [Scale::Linear, Scale::FromZero, Scale::Whole, Scale::Logarithmic] {
        for points in [[(1.0, 1e299), (1e299, 1.0)], [(7.0, 7.0), (7.0, 7.0)], [(1e-299, 1e-300), (2e-299, 1e-310)]] {
            let figure = LineChart { x: scale, y: scale, ..chart(&points) }.draw().unwrap();
            check(&figure);
            check_apart(&figure);
        }
    }
    let negative = [(-1e299, -5.0), (1e299, 1e6)];
    check(&LineChart { y: Scale::Linear, ..chart(&negative) }.draw().unwrap());
}

#[test]
fn a_key_names_each_line_once_and_none_without_a_name() {
    let line = |name: &str, y: f64| Line { colour: Some(Colour::GREEN), ..Line::new(name, &[(1.0, y), (2.0, y)]) };
    let panel = |y: f64| LineChart { lines: vec![line("shared", y), line("", 2.0 * y)], ..LineChart::new("", "", "") };
    let figure = LineChart::grid("Two", 1, &[panel(1.0), panel(3.0)]).unwrap();
    check(&figure);
    assert_eq!(texts(&figure).iter().filter(|text| *text == "shared").count(), 1);
    assert!(texts(&figure).iter().all(|text| !text.is_empty()));
}

#[test]
fn a_line_above_the_top_is_cut_and_columns_stand_on_zero() {
    let peak = LineChart { top: Some(10.0), ..chart(&[(1.0, 5.0), (2.0, 500.0), (3.0, 5.0)]) }.draw().unwrap();
    check(&peak);
    let lines = attributes(peak.svg(), "polyline", "stroke").iter().filter(|c| **c == "#0072B2").count();
    assert_eq!(lines, 3, "one in the key, and one on each side of the peak");
    let columns = vec![(Colour::GREEN, 0.0, 1.0, 4.0), (Colour::GREEN, 1.0, 2.0, 2.0)];
    let figure = LineChart { columns, ..LineChart::new("Columns", "x", "y") }.draw().unwrap();
    let heights: Vec<i32> = (attributes(figure.svg(), "rect", "fill").iter())
        .zip(numbers(figure.svg(), "rect", "height"))
        .filter(|(fill, _)| **fill == "#009E73")
        .map(|(_, height)| height)
        .collect();
    assert!(heights.len() == 2 && (heights[0] - 2 * heights[1]).abs() <= 2, "{heights:?}");
}

#[test]
fn rows_refuse_what_they_cannot_show() {
    refused(IntervalRows::new("None", Scale::Percent).draw(), "there is no row");
    let empty = IntervalRows { rows: vec![("row".into(), vec![])], ..IntervalRows::new("Empty", Scale::Percent) };
    refused(empty.draw(), "the row \"row\" has no estimate");
    refused(fractions(f64::NAN).draw(), "a value of \"row\" is NaN");
    refused(fractions(1.5).draw(), "fractions are from 0 to 1");
    let turned = Estimate { interval: Some(Interval { low: 0.6, high: 0.4 }), ..Estimate::new("", 0.5) };
    refused(IntervalRows { rows: vec![("turned".into(), vec![turned])], ..fractions(0.5) }.draw(), "\"turned\"");
    let level = (Mark::Line, Colour::GREY, "level".to_string(), -0.5);
    refused(IntervalRows { levels: vec![level], ..fractions(0.5) }.draw(), "level");
    let figure = fractions(0.5).draw().unwrap();
    check(&figure);
    // In the middle between 40 % and 60 %: the last circle is the estimate's.
    let middle = (place(&figure, "40 %").0 + place(&figure, "60 %").0) / 2;
    assert!((numbers(figure.svg(), "circle", "cx").pop().unwrap() - middle).abs() <= 1);
}

#[test]
fn bars_refuse_what_they_cannot_show() {
    let names = ["a", "b"].map(String::from);
    let of = |values: &[Option<f64>]| bars("Bars", &names, &[Quantity::new("quantity", values, 1)]);
    refused(bars("Bars", &[], &[Quantity::new("quantity", &[], 1)]), "nothing to draw");
    refused(bars("Bars", &names, &[]), "nothing to draw");
    refused(of(&[Some(1.0)]), "1 values");
    refused(of(&[Some(1.0), Some(f64::NAN)]), "NaN");
    refused(of(&[Some(1.0), Some(-1.0)]), "-1");
    refused(
        bars("Bars", &names, &[Quantity { whole: Some(1.0), ..Quantity::new("", &[Some(0.5), Some(2.0)], 1) }]),
        "2",
    );
    for values in [[Some(0.0), Some(0.0)], [None, None], [Some(1e299), Some(1.0)], [None, Some(3.0)]] {
        check(&of(&values).unwrap());
    }
    assert!(texts(&of(&[None, Some(3.0)]).unwrap()).iter().any(|text| text == "unknown"));
}

#[test]
fn grids_refuse_what_they_cannot_show() {
    let picture = Picture::grey(3, 2, &[0, 50, 100, 150, 200, 250]).unwrap();
    let grid = |tile: Tile| ImageGrid::of("Grid", 2, &[tile]).draw();
    refused(ImageGrid::new("None").draw(), "there is no picture");
    refused(ImageGrid::of("None", 0, &[]).draw(), "there is no picture");
    let part = |top, left, height, width| Rectangle { top, left, height, width };
    refused(grid(Tile::picture(picture.clone()).frame(&part(1, 0, 2, 1), "")), "not within 2 rows");
    refused(grid(Tile::picture(picture.clone()).frame(&part(0, 0, 0, 1), "")), "not within");
    refused(grid(Tile::picture(picture.clone()).frame(&part(0, usize::MAX, 1, 1), "")), "not within");
    refused(grid(Tile::numbers(2, &vec![("1".into(), Colour::WHITE); 3])), "3 numbers are no table of 2 columns");
    refused(grid(Tile::numbers(0, &[])), "no table");
    let framed = grid(Tile::picture(picture.clone()).frame(&part(0, 1, 2, 1), "1")).unwrap();
    check(&framed);
    // The middle column of three.
    let (x, width) = (numbers(framed.svg(), "image", "x")[0], numbers(framed.svg(), "image", "width")[0]);
    let colours = attributes(framed.svg(), "rect", "stroke");
    let frame = colours.iter().position(|colour| *colour == "#D55E00").unwrap();
    let rects = (numbers(framed.svg(), "rect", "x")[frame], numbers(framed.svg(), "rect", "width")[frame]);
    assert_eq!(rects, (x + width / 3, width / 3));
    assert!(grid(Tile::words("", "")).is_ok());
}

#[test]
fn long_names_and_many_things_stay_apart() {
    let names: Vec<String> = (0..7).map(long).collect();
    let line = |name: &String| Line::new(name, &[(1.0, 1.0), (2.0, 3.0)]);
    let lines: Vec<Line> = names.iter().map(line).collect();
    let chart = LineChart { lines, ..LineChart::new("Lines", &long(8), &long(9)) };
    let panel = LineChart { title: long(1), ..chart.clone() };
    let quantity =
        |i: usize| Quantity::new(&long(i), &[Some(1.0), None, Some(2e9), Some(0.0), Some(5.0), None, None], 2);
    let estimates = |name: &String| vec![Estimate { text: "45.0 %".into(), ..Estimate::new(name, 0.5) }; 3];
    let rows = names.iter().map(|name| (name.clone(), estimates(name))).collect();
    let picture = Picture::grey(4, 4, &[100; 16]).unwrap();
    let tile = |name: &String| Tile::picture(picture.clone()).above(name).above(name).below(name).below(name);
    let tiles: Vec<Tile> = names.iter().map(tile).collect();
    let named = vec![("sad".to_string(), tiles.clone()), ("happy".to_string(), tiles.clone())];
    for figure in [
        chart.draw(),
        LineChart::grid("Panels", 2, &vec![panel; 4]),
        bars("Bars", &names, &[quantity(0), quantity(1), quantity(2), quantity(3)]),
        bars("Bars", &names, &[quantity(0)]),
        IntervalRows { rows, ..fractions(0.5) }.draw(),
        ImageGrid { rows: named, columns: Some(7), ..ImageGrid::new("Grid") }.draw(),
        ImageGrid { side: Some(40), ..ImageGrid::of("Grid", 3, &tiles) }.draw(),
    ] {
        let figure = figure.unwrap();
        check(&figure);
        check_apart(&figure);
    }
}

#[test]
fn figures_side_by_side_are_as_high_as_the_highest() {
    let (low, high) = (chart(&[(1.0, 1.0)]), LineChart { height: 600, ..chart(&[(1.0, 1.0)]) });
    let (low, high) = (low.draw().unwrap(), high.draw().unwrap());
    let both = Figure::beside(&[&low, &high]);
    check(&both);
    assert_eq!((both.width(), both.height()), (1800, high.height()));
    assert!(both.svg().contains("<svg x=\"900\" role"));
}

/// A training of three epochs with these accuracies on four test photos, three of which are of one class.
fn followed(recipe: &str, seed: u64, accuracies: [f64; 3]) -> FollowedTraining {
    let glance = |accuracy: f64| Glance { loss: 1.0, accuracy, predicted: vec![0; 4] };
    let snapshot = |epoch: usize, statistics: Statistics, accuracy: f64| Snapshot {
        epoch,
        statistics,
        validation: glance(0.5),
        test: glance(accuracy),
    };
    let mut snapshots: Vec<Snapshot> =
        (1..).zip(accuracies).map(|(epoch, accuracy)| snapshot(epoch, Statistics::Running(0.99), accuracy)).collect();
    snapshots.push(snapshot(1 + seed as usize, Statistics::MeasuredAgain, 0.5));
    snapshots.push(snapshot(1, Statistics::MeasuredAgain, 0.75));
    let epoch = |epoch: usize| Epoch {
        epoch,
        train_loss: 1.0,
        train_accuracy: 0.9,
        validation_loss: None,
        validation_accuracy: None,
        learning_rate: 0.1,
        seconds: 1.0,
        cpu_seconds: 1.0,
    };
    FollowedTraining {
        about: AboutFollowed {
            recipe: recipe.into(),
            seed,
            command: String::new(),
            cpu_seconds: 1.0,
            classes: ["sad", "happy"].map(String::from).to_vec(),
            truth: vec![1, 0, 1, 1],
            compute_version: "2".into(),
            settings: serde_json::Value::Null,
        },
        trajectory: Trajectory {
            training: History { epochs: (1..=3).map(epoch).collect(), ..History::default() },
            snapshots,
        },
    }
}

#[test]
fn endings_have_a_panel_for_each_recipe_and_a_mean_over_seeds() {
    let all = [followed("a", 1, [0.25, 0.5, 1.0]), followed("a", 2, [0.75, 0.5, 0.0]), followed("b", 1, [0.5; 3])];
    let figure = plots::endings(&all).unwrap();
    check(&figure);
    check_apart(&figure);
    for text in [
        "a, 2 seeds",
        "b, seed 1",
        "always the majority class: 75.0 %",
        "test, running statistics of momentum 0.99",
        "test, statistics measured again",
    ] {
        assert_eq!(texts(&figure).iter().filter(|t| *t == text).count(), 1, "{text} in {:?}", texts(&figure));
    }
    // Thick are the mean of recipe a, 50 % in all epochs, and the only seed of b; the mean is a level line.
    let widths = attributes(figure.svg(), "polyline", "stroke-width");
    let points = attributes(figure.svg(), "polyline", "points");
    let thick: Vec<&str> = points.into_iter().zip(widths).filter(|(_, width)| *width == "3").map(|(p, _)| p).collect();
    assert_eq!(thick.len(), 2);
    for line in thick {
        let heights: Vec<&str> = line.split_whitespace().map(|point| point.split_once(',').unwrap().1).collect();
        assert!(heights.len() == 3 && heights.iter().all(|height| *height == heights[0]), "{line}");
    }
    refused(plots::endings(&[]), "there is no training");
}
