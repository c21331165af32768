//! Where in a network the parameters are, and where the work is.

use super::canvas::Label;
use super::legend::{Legend, Mark};
use super::palette::{BLUE, GREY, SMALL, TEXT, VERMILLION};
use super::{Figure, WIDTH};
use crate::nn::{Summary, SummaryRow};
use crate::{Error, Result};
use plotters::style::Color;

const LEFT: i32 = 24;
/// Height of the longest bar in pixels.
const BAR: i32 = 110;

/// Two bars for each layer with a kernel, in the order in which data passes: upwards the share of the network's parameters
/// that it has, downwards its share of the multiply-adds for one image. The longest of all bars fills its half.
///
/// An error if no layer has a kernel.
pub fn layer_costs(summary: &Summary) -> Result<Figure> {
    let title = format!("{}: parameters and work, layer by layer", summary.network);
    let layers: Vec<&SummaryRow> = summary.layers.iter().filter(|layer| layer.multiply_adds > 0).collect();
    if layers.is_empty() {
        return Err(Error::output(format!("figure {title:?}"), "no layer has a kernel"));
    }
    let share = |value: &dyn Fn(&SummaryRow) -> f64| -> Vec<f64> {
        let all: f64 = layers.iter().map(|layer| value(layer)).sum();
        layers.iter().map(|layer| value(layer) / all).collect()
    };
    let parameters = share(&|layer| layer.parameters as f64);
    let work = share(&|layer| layer.multiply_adds as f64);
    let most = parameters.iter().chain(&work).fold(0.0_f64, |most, &v| most.max(v));
    let entries =
        [(Mark::Band(BLUE), "share of the parameters"), (Mark::Band(VERMILLION), "share of the multiply-adds")];
    let legend = Legend::new(entries.map(|(mark, text)| (mark, text.to_string())).to_vec(), WIDTH as i32 - 36);
    let middle = 40 + legend.height() + 24 + BAR;
    let space = f64::from(WIDTH as i32 - 2 * LEFT) / layers.len() as f64;
    let x = |index: usize| LEFT + (index as f64 * space).round() as i32;
    let length = |share: f64| (f64::from(BAR) * share / most).round() as i32;
    Figure::draw(&title, (WIDTH, (middle + BAR + 62) as u32), |canvas| {
        legend.draw(canvas, 18, 40)?;
        for (index, (&up, &down)) in parameters.iter().zip(&work).enumerate() {
            let width = (x(index + 1) - x(index) - 2).max(1);
            canvas.filled((x(index), middle - length(up)), (width, length(up)), BLUE)?;
            canvas.filled((x(index), middle), (width, length(down)), VERMILLION)?;
        }
        canvas.line(&[(LEFT, middle), (WIDTH as i32 - LEFT, middle)], GREY.stroke_width(1))?;
        let ends = [
            ("the image", Label::new(SMALL).grey(), LEFT),
            ("the classes", Label::new(SMALL).grey().right(), WIDTH as i32 - LEFT),
        ];
        for (text, label, at) in ends {
            canvas.text(at, middle + BAR + 18, label, text)?;
        }
        let largest = (0..layers.len()).max_by(|&a, &b| parameters[a].total_cmp(&parameters[b])).unwrap_or(0);
        let text = format!(
            "{} layers with a kernel; {} has the most parameters: {:.0} % of all",
            layers.len(),
            layers[largest].layer,
            100.0 * parameters[largest]
        );
        canvas.text(LEFT, middle + BAR + 44, Label::new(TEXT), &text)
    })
}
