//! Exercises of notebook 12, time and CPU.

use super::Verdict;
use crate::study::experiment::TrainedRun;
use crate::training::Cost;

/// How busy was the processor in this training, in percent, where 100 is one core?
pub fn cpu_use(lesson: &TrainedRun, answer: f64) -> Verdict {
    let percent = 100.0 * lesson.cpu_use();
    let mistakes = [
        (percent / 100.0, "That is a fraction; give it in percent."),
        (100.0 / lesson.cpu_use(), "That is the other way round: CPU seconds for each second on the clock."),
    ];
    let why = "More than 100 % is more than one core at work. It says how many cores were kept busy, not how much work \
               there was: that is what CPU seconds count.";
    Verdict::number(answer, percent, 0.01 * percent, why, &mistakes)
}

/// How many CPU seconds does training take for `photos` photos, each seen once an epoch, in `epochs` epochs?
pub fn cpu_seconds(cost: &Cost, photos: usize, epochs: usize, answer: f64) -> Verdict {
    let seconds = photos as f64 * epochs as f64 / cost.images_per_cpu_second;
    let mistakes = [
        (seconds / epochs as f64, "That is one epoch."),
        (photos as f64 * epochs as f64 / cost.images_per_second, "That is on the clock, with all cores at work."),
        (photos as f64 * epochs as f64 * cost.images_per_cpu_second, "Photos a second: divide by it."),
    ];
    let why = "The validation after each epoch comes on top: forward only, for a ninth as many photos.";
    Verdict::number(answer, seconds, 0.01 * seconds, why, &mistakes)
}

/// How many times the operations of the frozen network does training all of it take, over `epochs` epochs?
///
/// Counted for a network whose head is small: a forward pass is the unit, a backward pass takes two. Frozen, each photo
/// passes forward once in all; otherwise forward and backward in every epoch.
pub fn frozen_advantage(epochs: usize, answer: f64) -> Verdict {
    let epochs = epochs as f64;
    let mistakes = [
        (epochs, "Do not forget the backward pass: it takes twice the operations of the forward pass."),
        (2.0 * epochs, "Forward and backward: a backward pass alone is two forward passes."),
        (3.0, "That is of one epoch; what is frozen is computed once for all epochs."),
    ];
    let why = "Three passes' worth in each epoch, against one in all. A program that passes the photos through the frozen \
               part again in every epoch, as Keras does, only gains the factor three.";
    Verdict::number(answer, 3.0 * epochs, 0.01, why, &mistakes)
}
