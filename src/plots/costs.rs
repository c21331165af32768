//! What networks cost.

use super::Figure;
use super::bars::{Panel, bars};
use crate::Result;
use crate::experiment::{Lesson, Lessons};
use crate::training::Cost;

/// Bars of what training took, a line for each network: seconds on the clock (the report's figure 12), how busy the
/// processor was, where 100 % is one core (figure 13), and processor seconds, over all threads.
///
/// An error if there is no network.
pub fn training_times(lessons: &Lessons) -> Result<Figure> {
    let panel = |name: &str, decimals, value: &dyn Fn(&Lesson) -> f64| Panel {
        name: name.into(),
        values: lessons.all().iter().map(|lesson| Some(value(lesson))).collect(),
        decimals,
    };
    let panels = [
        panel("training time (s)", 1, &Lesson::seconds),
        panel("CPU use (%)", 0, &|lesson| 100.0 * lesson.cpu_use()),
        panel("CPU seconds", 1, &Lesson::cpu_seconds),
    ];
    bars("What training took", &lessons.names(), &panels)
}

/// Bars of what a step costs for each photo, a line for each network: floating-point operations and how long they take,
/// how much of the processor's speed they use, and the largest memory of a process that does nothing else.
///
/// An error if there is no network.
pub fn costs(costs: &[Cost]) -> Result<Figure> {
    let panel = |name: &str, decimals, value: &dyn Fn(&Cost) -> Option<f64>| Panel {
        name: name.into(),
        values: costs.iter().map(value).collect(),
        decimals,
    };
    let panels = [
        panel("GFLOP a photo", 2, &|cost| Some(cost.gflop_per_image)),
        panel("CPU milliseconds a photo", 1, &|cost| Some(1000.0 / cost.images_per_cpu_second)),
        panel("milliseconds a photo", 1, &|cost| Some(1000.0 / cost.images_per_second)),
        panel("CPU use (%)", 0, &|cost| Some(100.0 * cost.cpu_use())),
        panel("share of peak speed (%)", 0, &|cost| Some(100.0 * cost.peak_fraction)),
        panel("peak memory (MiB)", 0, &|cost| cost.peak_memory_mib),
    ];
    let names: Vec<String> = costs.iter().map(Cost::name).collect();
    bars("What a step costs", &names, &panels)
}
