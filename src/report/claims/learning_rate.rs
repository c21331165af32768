//! Sections 2.2.2 and 3.1: the learning-rate finder (figure 9).

use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::training::{RateCurve, RatesEnd};

/// The finders that were run: networks of the report, each with two optimisers.
const FINDERS: [&str; 8] = [
    "vgg16-adam",
    "vgg16-sgd",
    "vgg16-zero-one-adam",
    "vgg16-zero-one-sgd",
    "googlenet-adam",
    "googlenet-sgd",
    "resnet50v2-adam",
    "resnet50v2-sgd",
];

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let all: Vec<Vec<RateCurve>> = FINDERS.iter().map(|name| sources.rates(name)).collect::<Result<_>>()?;
    let curves: Vec<RateCurve> = all.concat();
    let lowest = || curves.iter().map(RateCurve::lowest);
    let (least, most) = super::ours::range(lowest());
    let ends = || curves.iter().map(|curve| curve.range.rate(curve.steps_begun() - 1));
    let (first_end, last_end) = super::ours::range(ends());
    let networks = "VGG-16, GoogLeNet and ResNet-50 V2, Adam and SGD";
    let trials = sources.table(5, &["What came of training with a learning rate"])?;
    let figure_9 = at(5, "Loss against learning rate (figure 9)");
    let folder = "results/finder".to_string();
    Ok(vec![
        Claim {
            section: "3.1, figure 9",
            text: "The loss does not change up to a rate of 10, and falls to its minimum near 100",
            published: Published::statement("falls from 10 on"),
            ours: Ours::holds(
                least >= 10.0,
                format!("lowest at {} to {} ({networks}, {} curves)", rate(least), rate(most), curves.len()),
            ),
            verdict: Verdict::Refuted,
            because:
                "Each curve is lowest to the left of where the report's begins to fall. It names neither network nor \
                      optimiser."
                    .into(),
            place: at(5, "How may the report have come to 10 to 100?"),
            file: folder.clone(),
        },
        Claim {
            section: "3.1, figure 9",
            text: "Beyond a rate of 100 the loss rises very fast and diverges",
            published: Published::statement("diverges"),
            ours: Ours::holds(
                curves.iter().all(|curve| curve.end != RatesEnd::AllSteps),
                format!("over four times its lowest, or no number, at {} to {}", rate(first_end), rate(last_end)),
            ),
            verdict: Verdict::Reproduced,
            because: "Every curve diverges before 1000, most of them long before 100.".into(),
            place: figure_9,
            file: folder.clone(),
        },
        Claim {
            section: "3.1, figure 9",
            text: "The best range of the learning rate is 10 to 100",
            published: Published::range("10 to 100", 10.0, 100.0),
            ours: Ours::between(format!("the finder's loss is lowest at {} to {}", rate(least), rate(most)), lowest()),
            verdict: Verdict::Refuted,
            because: "The rate to train with lies below the lowest point, not beyond it.".into(),
            place: at(5, "How may the report have come to 10 to 100?"),
            file: folder,
        },
        Claim {
            section: "3.1, 2.2.2",
            text: "A rate from 10 to 100 is one to train with",
            published: Published::statement("10 to 100"),
            ours: Ours::holds(
                !(trials.row_ends("10", "no number") && trials.row_ends("100", "no number")),
                "ResNet-50 V2 with 10 and with 100: the loss is no number in the first epoch".into(),
            ),
            verdict: Verdict::Refuted,
            because:
                "Adam moves each weight by about the learning rate in a step. The report gives no result of a training \
                      with such a rate; it begins with 0.001, which learns."
                    .into(),
            place: at(5, "Is the best rate between 10 and 100?"),
            file: trials.file.clone(),
        },
    ])
}

/// A learning rate with two digits.
fn rate(rate: f64) -> String {
    if (0.01..1000.0).contains(&rate) { format!("{rate:.2}") } else { format!("{rate:.1e}") }
}
