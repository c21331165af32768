//! What networks cost.

use super::canvas::refused;
use super::{Colour, Figure, Line, LineChart, Quantity, Scale, bars};
use crate::Result;
use crate::lessons::Lessons;
use crate::net::nn::{Summary, SummaryRow};
use crate::study::experiment::TrainedRun;
use crate::training::{Cost, CostGrowth, Work};

/// Bars of what training took, a line for each network: seconds on the clock (the report's figure 12), how busy the
/// processor was, where 100 % is one core (figure 13), and processor seconds, over all threads.
///
/// An error if there is no network.
pub fn training_times(lessons: &Lessons) -> Result<Figure> {
    let panel = |name: &str, decimals, value: &dyn Fn(&TrainedRun) -> f64| {
        Quantity::new(name, &lessons.all().iter().map(|lesson| Some(value(lesson))).collect::<Vec<_>>(), decimals)
    };
    let panels = [
        panel("training time (s)", 1, &TrainedRun::seconds),
        panel("CPU use (%)", 0, &|lesson| 100.0 * lesson.cpu_use()),
        panel("CPU seconds", 1, &TrainedRun::cpu_seconds),
    ];
    bars("What training took", &lessons.names(), &panels)
}

/// Bars of what a step costs for each photo, a line for each network: floating-point operations and how long they take,
/// how much of the processor's speed they use, and the largest memory of a process that does nothing else.
///
/// An error if there is no network.
pub fn costs(costs: &[Cost]) -> Result<Figure> {
    let panel = |name: &str, decimals, value: &dyn Fn(&Cost) -> Option<f64>| {
        Quantity::new(name, &costs.iter().map(value).collect::<Vec<_>>(), decimals)
    };
    let panels = [
        panel("GFLOP a photo", 2, &|cost| Some(cost.gflop_per_image)),
        panel("CPU milliseconds a photo", 1, &|cost| Some(1000.0 / cost.images_per_cpu_second)),
        panel("milliseconds a photo", 1, &|cost| Some(1000.0 / cost.images_per_second)),
        panel("CPU use (%)", 0, &|cost| Some(100.0 * cost.cpu_use())),
        panel("fraction of peak speed (%)", 0, &|cost| Some(100.0 * cost.peak_fraction)),
        panel("peak memory (MiB)", 0, &|cost| cost.peak_memory_mib),
    ];
    bars("What a step costs", &costs.iter().map(Cost::name).collect::<Vec<_>>(), &panels)
}

/// Images for each second of processor time (above) and the largest memory of the process (below), against the size of the
/// images (left) and the images in a batch (right), for training and inference. All axes are logarithmic: a straight line
/// is a power. Without the memory where the system does not tell.
///
/// An error if nothing was measured on one of the sides.
pub fn cost_growth(growth: &CostGrowth) -> Result<Figure> {
    const TITLE: &str = "How cost grows";
    let (Some(one), false) = (growth.by_size.first(), growth.by_batch.is_empty()) else {
        return Err(refused(TITLE, "nothing was measured"));
    };
    let size: (&[Cost], &str, fn(&Cost) -> f64) =
        (&growth.by_size, "height and width in pixels", |cost| cost.size as f64);
    let batch: (&[Cost], &str, fn(&Cost) -> f64) = (&growth.by_batch, "images in a batch", |cost| cost.batch as f64);
    let speed: fn(&Cost) -> Option<f64> = |cost| Some(cost.images_per_cpu_second);
    let mut charts = Vec::new();
    for (name, y) in [("images / CPU second", speed), ("peak memory, MiB", |cost| cost.peak_memory_mib)] {
        for (costs, what, x) in [size, batch] {
            let (scale, axes) = (Scale::Logarithmic, LineChart::new(name, what, ""));
            let mut chart = LineChart { x: scale, y: scale, height: 290, ..axes };
            for (work, name) in [(Work::Train, "training step"), (Work::Infer, "inference")] {
                let of_work = costs.iter().filter(|cost| cost.work == work);
                let points: Vec<_> = of_work.filter_map(|cost| Some((x(cost), y(cost)?))).collect();
                chart.lines.push(Line { dots: true, ..Line::new(name, &points) });
            }
            if costs.iter().any(|cost| y(cost).is_some()) {
                charts.push(chart);
            }
        }
    }
    LineChart::grid(&format!("{TITLE}: {}, {} thread(s)", one.network, one.threads), 2, &charts)
}

/// Two bars for each layer with a kernel, in the order in which data passes: above the fraction of the network's parameters
/// that it has, below its fraction of the multiply-adds for one image. Both axes end at the same fraction.
///
/// An error if no layer has a kernel.
pub fn layer_costs(summary: &Summary) -> Result<Figure> {
    let title = format!("{}: parameters and work, layer by layer", summary.network);
    let layers: Vec<&SummaryRow> = summary.layers.iter().filter(|layer| layer.multiply_adds > 0).collect();
    if layers.is_empty() {
        return Err(refused(&title, "no layer has a kernel"));
    }
    let fractions = |value: &dyn Fn(&SummaryRow) -> f64| -> Vec<f64> {
        let all: f64 = layers.iter().map(|layer| value(layer)).sum();
        layers.iter().map(|layer| value(layer) / all).collect()
    };
    let parameters = fractions(&|layer| layer.parameters as f64);
    let work = fractions(&|layer| layer.multiply_adds as f64);
    let highest = parameters.iter().chain(&work).copied().fold(0.0, f64::max);
    let largest = (0..layers.len()).max_by(|&a, &b| parameters[a].total_cmp(&parameters[b])).unwrap_or(0);
    let note = format!(
        "{} layers with a kernel; {} has the most parameters: {:.0} % of all",
        layers.len(),
        layers[largest].layer,
        100.0 * parameters[largest]
    );
    let chart = |what: &str, x_name: &str, colour: Colour, fractions: &[f64], height| {
        let at = |(i, fraction): (usize, &f64)| (colour, i as f64 + 0.5, i as f64 + 1.5, *fraction);
        LineChart {
            x: Scale::Whole,
            y: Scale::PercentToLargest,
            reach: Some(highest),
            columns: fractions.iter().enumerate().map(at).collect(),
            height,
            ..LineChart::new(what, x_name, "")
        }
    };
    let above = chart("fraction of the parameters", "", Colour::BLUE, &parameters, 190);
    let layer = "layer, from the image to the classes";
    let below = chart("fraction of the multiply-adds", layer, Colour::VERMILLION, &work, 212);
    LineChart::grid(&title, 1, &[LineChart { note, ..above }, below])
}
