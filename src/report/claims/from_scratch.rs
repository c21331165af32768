//! What hangs on how a training from scratch ends: the 51 % of ResNet-50 (sections 3.2 and 1.2), its curves (figures 10, 11
//! and 17) and the number of epochs. Our numbers are those of `results/endings`, by `manga endings RECIPE`.

use super::ours::{number, range};
use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::base::csv::Csv;
use crate::data::EXPRESSIONS;
use crate::metrics::Interval;
use crate::study::experiment::{Ending, EndingRow, FollowedTraining};
use crate::training::{Snapshot, Statistics};

/// The network that the report cites.
const BASE: &str = "resnet50v2";
/// ResNet-50 with ImageNet's weights, frozen, after 30 epochs.
const FROZEN: &str = "imagenet-hypothesis/resnet50-frozen-last";
/// Keras's batch norm.
const KERAS: &str = "momentum_0.99";
/// The same, as a number.
const KERAS_MOMENTUM: f64 = 0.99;
/// What lets a loss pass for stable: it ends at most so many times above its lowest value.
const STABLE: f64 = 1.5;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let by_the_report = best_ending(sources, &[BASE], &[KERAS])?;
    let best_of_all = best_of_all(sources)?;
    let frozen = sources.runs(FROZEN)?;
    let zero_to_one = sources.runs("imagenet-hypothesis/resnet50-frozen-zero-one-last")?;
    let photos = validation_photos(sources)?;
    let base = Curves::of_followed(&sources.followed(BASE)?, photos);
    let transferred = Curves::of_histories(&sources.histories(FROZEN)?, photos)?;
    let best = sources.ended(BASE, Ending::BestEpoch, KERAS)?;
    let stopped = sources.ended(BASE, Ending::KerasEarlyStopping, KERAS)?;
    let others: Vec<usize> = ["vgg16", "googlenet"]
        .iter()
        .map(|recipe| Ok(sources.runs(recipe)?.rows.into_iter().filter_map(|row| row.best_epoch).collect::<Vec<_>>()))
        .collect::<Result<Vec<_>>>()?
        .concat();
    let imagenet = "ImageNet's weights, which Keras's ResNet50V2 loads unless told otherwise";
    let folder = "results/endings".to_string();
    Ok(vec![
        Claim {
            section: "Summary, 1.2, 3.2, 5",
            text: "ResNet-50 reaches 51 %",
            published: Published::percent(51.0),
            ours: Ours::ended(&by_the_report).named(&format!("from scratch, {}", words(&by_the_report.ending.to_string()))),
            verdict: Verdict::Explained { by: imagenet, with: Ours::runs(&frozen).named("ResNet-50 frozen, last epoch") },
            because: format!(
                "The best of three endings with Keras's batch norm. The best of either version and any statistics, {} \
                 ({}, {}), has {}. With ImageNet's weights and pixels from 0 to 1 in place of the scaling that they expect, \
                 {}. The report does not say which of these it was. What decides it: the trainings in results/endings and the \
                 runs in results/{FROZEN}.",
                best_of_all.recipe,
                words(&best_of_all.ending.to_string()),
                words(&best_of_all.statistics),
                Ours::ended(&best_of_all),
                Ours::runs(&zero_to_one)
            ),
            place: at(9, "Before and after (figure 19)"),
            file: folder.clone(),
        },
        Claim {
            section: "3.3, figure 17",
            text: "The base model has around 50 % in validation",
            published: Published::range("around 50 %", 0.45, 0.55),
            ours: base.accuracy()?.named("from scratch, last epoch"),
            verdict: Verdict::Explained { by: imagenet, with: transferred.accuracy()?.named("ResNet-50 frozen, last epoch") },
            because: "In validation a network from scratch is asked with running statistics that have not caught up after 30 \
                      epochs of so few photos."
                .into(),
            place: at(9, "The base model (figure 17)"),
            file: folder.clone(),
        },
        Claim {
            section: "3.3, figure 17",
            text: "The base model's loss falls in training and is stable in validation",
            published: Published::statement("falls, and is stable"),
            ours: Ours::holds(base.falls_and_is_stable(), base.losses()).named("from scratch"),
            verdict: Verdict::Explained {
                by: imagenet,
                with: Ours::holds(transferred.falls_and_is_stable(), transferred.losses()).named("ResNet-50 frozen, last epoch"),
            },
            because: format!("Stable: at the end at most {STABLE} times its lowest value, with every seed."),
            place: at(9, "The base model (figure 17)"),
            file: folder.clone(),
        },
        Claim {
            section: "2.2.3",
            text: "Over-fitting: the training accuracy is very high, and so is the validation loss",
            published: Published::statement("both high"),
            ours: Ours::holds(
                base.all(|curve| curve.train_accuracy > 0.9 && curve.validation_last > 7f64.ln()),
                format!("{}; {}", base.train_accuracies(), base.losses()),
            )
            .named("ResNet-50 V2 from scratch"),
            verdict: Verdict::Reproduced,
            because: "High: more than 90 %, and a loss above that of guessing, ln 7.".into(),
            place: at(6, "Over-fitting on purpose"),
            file: folder.clone(),
        },
        Claim {
            section: "3.1, figures 10 and 11",
            text: "The optimal number of epochs is 8",
            published: Published::count(8),
            ours: Ours::between(
                format!("ResNet-50 V2: lowest validation loss after epoch {}", listed(&best.epochs)),
                best.epochs.iter().map(|&epoch| epoch as f64),
            ),
            verdict: Verdict::Explained {
                by: "another network or seed",
                with: Ours::between(
                    format!("VGG-16 and GoogLeNet, three seeds each: {}", listed(&others)),
                    others.iter().map(|&epoch| epoch as f64),
                ),
            },
            because: "There is no such number: the epoch depends on the network and the seed, and the report names neither."
                .into(),
            place: at(6, "Early stopping (figure 11)"),
            file: folder.clone(),
        },
        Claim {
            section: "3.1, figure 11",
            text: "Early stopping finds the same epoch as the lowest point of 30 epochs",
            published: Published::statement("the same"),
            ours: Ours::holds(
                best.epochs.iter().zip(&stopped.epochs).all(|(best, stopped)| *stopped == best + 1),
                format!("lowest {}, stopped {}", listed(&best.epochs), listed(&stopped.epochs)),
            ),
            verdict: Verdict::Reproduced,
            because: "It repeats the long training until it stops, one epoch after the lowest with Keras's default patience; \
                      without `restore_best_weights` it keeps that later epoch."
                .into(),
            place: at(6, "Early stopping (figure 11)"),
            file: folder,
        },
    ])
}

/// The ending that does not look at the test and has the highest mean accuracy, of these recipes with such statistics.
fn best_ending(sources: &Sources, recipes: &[&str], statistics: &[&str]) -> Result<EndingRow> {
    let mut rows: Vec<EndingRow> = Vec::new();
    for ending in Ending::ALL.into_iter().filter(|ending| ending.chosen_on() != "test") {
        for recipe in recipes {
            for kind in statistics {
                rows.push(sources.ended(recipe, ending, kind)?);
            }
        }
    }
    let best = rows.into_iter().max_by(|a, b| a.accuracy.total_cmp(&b.accuracy));
    best.ok_or_else(|| crate::Error::Data(format!("there is no ending of {} to choose from", recipes.join(", "))))
}

/// The best that ResNet-50 from scratch comes to in any way that does not look at the test: either version, each ending,
/// each kind of batch norm statistics.
pub(super) fn best_of_all(sources: &Sources) -> Result<EndingRow> {
    best_ending(sources, &[BASE, "resnet50"], &[KERAS, "momentum_0.9", "measured_again"])
}

/// How many validation photos a split like the report's has.
fn validation_photos(sources: &Sources) -> Result<usize> {
    let parts = sources.table(3, &["Photos in each part of the split"])?;
    let each: Vec<f64> = EXPRESSIONS.iter().map(|class| parts.number(class, "validation")).collect::<Result<_>>()?;
    Ok(each.iter().sum::<f64>() as usize)
}

/// Training and validation of several seeds, each in a few numbers.
struct Curves {
    curves: Vec<Curve>,
    /// Validation photos of a seed.
    photos: usize,
}

/// One training.
struct Curve {
    train_first: f64,
    train_last: f64,
    train_accuracy: f64,
    validation_lowest: f64,
    validation_last: f64,
    validation_accuracy: f64,
}

impl Curves {
    /// Trainings that were followed, with Keras's running statistics.
    fn of_followed(all: &[FollowedTraining], photos: usize) -> Curves {
        let curve = |one: &FollowedTraining| {
            let epochs = &one.trajectory.training.epochs;
            let own = one.trajectory.snapshots.iter();
            let own: Vec<&Snapshot> =
                own.filter(|snapshot| snapshot.statistics == Statistics::Running(KERAS_MOMENTUM)).collect();
            Some(Curve {
                train_first: epochs.first()?.train_loss,
                train_last: epochs.last()?.train_loss,
                train_accuracy: epochs.last()?.train_accuracy,
                validation_lowest: range(own.iter().map(|snapshot| snapshot.validation.loss)).0,
                validation_last: own.last()?.validation.loss,
                validation_accuracy: own.last()?.validation.accuracy,
            })
        };
        Curves { curves: all.iter().filter_map(curve).collect(), photos }
    }

    /// Runs of which the project keeps the history.
    fn of_histories(all: &[Csv], photos: usize) -> Result<Curves> {
        let curve = |history: &Csv| {
            let last = history.rows.len() - 1;
            let losses: Vec<f64> =
                (0..=last).map(|row| history.number(row, "validation_loss")).collect::<Result<_>>()?;
            Ok(Curve {
                train_first: history.number(0, "train_loss")?,
                train_last: history.number(last, "train_loss")?,
                train_accuracy: history.number(last, "train_accuracy")?,
                validation_lowest: range(losses.iter().copied()).0,
                validation_last: history.number(last, "validation_loss")?,
                validation_accuracy: history.number(last, "validation_accuracy")?,
            })
        };
        Ok(Curves { curves: all.iter().map(curve).collect::<Result<_>>()?, photos })
    }

    /// The validation accuracy at the end: mean, 95 % interval of one seed, and range.
    fn accuracy(&self) -> Result<Ours> {
        let all: Vec<f64> = self.curves.iter().map(|curve| curve.validation_accuracy).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let ends: Vec<Interval> =
            all.iter().map(|&fraction| Interval::of_fraction(fraction, self.photos)).collect::<Result<_>>()?;
        let part = 1.0 / ends.len() as f64;
        let interval = Interval {
            low: part * ends.iter().map(|one| one.low).sum::<f64>(),
            high: part * ends.iter().map(|one| one.high).sum::<f64>(),
        };
        Ok(Ours::seeds(mean, interval, &all))
    }

    fn all(&self, holds: fn(&Curve) -> bool) -> bool {
        self.curves.iter().all(holds)
    }

    fn falls_and_is_stable(&self) -> bool {
        self.all(|curve| {
            curve.train_last < 0.5 * curve.train_first && curve.validation_last <= STABLE * curve.validation_lowest
        })
    }

    fn losses(&self) -> String {
        let shown = |from: fn(&Curve) -> f64, to: fn(&Curve) -> f64| {
            let each: Vec<String> =
                self.curves.iter().map(|curve| format!("{:.2} to {:.2}", from(curve), to(curve))).collect();
            each.join(", ")
        };
        format!(
            "training loss from first to last epoch {}; validation loss from lowest to last {}",
            shown(|curve| curve.train_first, |curve| curve.train_last),
            shown(|curve| curve.validation_lowest, |curve| curve.validation_last)
        )
    }

    fn train_accuracies(&self) -> String {
        let (low, high) = range(self.curves.iter().map(|curve| curve.train_accuracy));
        format!("training accuracy {} to {} %", number(low), number(high))
    }
}

/// The name of an ending or of statistics, as people read it.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// `1, 1 and 3`
fn listed(epochs: &[usize]) -> String {
    let words: Vec<String> = epochs.iter().map(usize::to_string).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}
