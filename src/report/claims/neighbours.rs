//! Sections 3.4 and 4.4: k-nearest neighbours (figure 20).

use super::ours::{difference, number};
use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::metrics::Interval;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let at_19 = sources.table(16, &["k-nearest neighbours in cross-validation"])?;
    let leaks = sources.table(14, &["False figures beside honest ones"])?;
    let chosen = sources.table(13, &["k chosen on the test, and without it"])?;
    let pixels = Ours::accuracy(
        at_19.number("pixels", "accuracy")?,
        Interval { low: at_19.number("pixels", "low")?, high: at_19.number("pixels", "high")? },
    );
    let lots = "lots, one-vs-rest accuracy";
    let one_vs_rest = Ours::accuracy(
        leaks.number(lots, "false")?,
        Interval { low: leaks.number(lots, "false low")?, high: leaks.number(lots, "false high")? },
    );
    let whole = |column: &str| chosen.number("pixels", column).map(|k| k as usize);
    let [own, hog, features] = ["knn-pixels", "knn-hog", "knn-features"].map(|method| sources.crossed(method));
    let [own, hog, features] = [own?, hog?, features?];
    let frozen = sources.crossed("resnet50-frozen")?;
    let network = sources.crossed("resnet50-drawn-224")?;
    Ok(vec![
        Claim {
            section: "Summary, 1.2, 3.4, 4.4, 5",
            text: "k-NN reaches 76 % (k = 19)",
            published: Published::percent(76.0),
            ours: pixels.named("on pixels, k = 19"),
            verdict: Verdict::Explained {
                by: "counting one-vs-rest accuracy",
                with: one_vs_rest.named("labels drawn by lot, counted so"),
            },
            because:
                "So counted, no knowledge at all reads as 76 %. Features that saw the test and copies made before the \
                      split come near it too; which it was the report does not say."
                    .into(),
            place: at(14, "Leak 1: one-vs-rest accuracy"),
            file: leaks.file,
        },
        Claim {
            section: "3.4",
            text: "The best k is 19",
            published: Published::count(19),
            ours: Ours::undecided(format!(
                "the best k of 25 divisions lies between {} and {}",
                whole("smallest best k")?,
                whole("largest best k")?
            )),
            verdict: Verdict::CannotBeKnown,
            because: "It belongs to the photos that happen to be in the test, and not to the method.".into(),
            place: at(13, "\"The best k\""),
            file: chosen.file,
        },
        Claim {
            section: "Summary, 1.2, 4.4, 5",
            text: "k-NN is better than the networks (76 % > 50 %)",
            published: Published::statement("76 % > 50 %"),
            ours: Ours::higher("k-NN on pixels less a frozen ResNet-50", &difference(&own, &frozen)?),
            verdict: Verdict::Refuted,
            because: "In cross-validation on the same photos.".into(),
            place: at(16, "All methods"),
            file: "results/leaderboard.csv".into(),
        },
        Claim {
            section: "4.4",
            text: "k-NN leaves less room for improvement than networks",
            published: Published::statement("less room"),
            ours: Ours::holds(
                difference(&network, &features)?.low > 0.0,
                format!(
                    "k-NN from {} % on pixels to {} on HOG and {} on ImageNet's features; networks up to {}",
                    number(own.accuracy),
                    number(hog.accuracy),
                    number(features.accuracy),
                    number(network.accuracy)
                ),
            ),
            verdict: Verdict::Reproduced,
            because:
                "Better features nearly double k-NN's accuracy, and a network that learns from them goes far beyond."
                    .into(),
            place: at(16, "All methods"),
            file: "results/leaderboard.csv".into(),
        },
    ])
}
