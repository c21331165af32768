//! Sections 3.2, 1.2 and 4.2: how good the report's networks are, beside ours.

use super::ours::{difference, number};
use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::metrics::{ClassificationReport, CrossValidationScores};
use crate::report::published::classification_report;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let (vgg16, googlenet) = (sources.runs("vgg16")?, sources.runs("googlenet")?);
    let methods = ["resnet50-frozen", "vgg16", "googlenet"];
    let [resnet, crossed_vgg16, crossed_googlenet] = methods.map(|method| sources.crossed(method));
    let [resnet, crossed_vgg16, crossed_googlenet] = [resnet?, crossed_vgg16?, crossed_googlenet?];
    let recognised = [&resnet, &crossed_vgg16, &crossed_googlenet].map(recognised);
    let printed = [14, 15, 16].map(classes_in);
    let [a, b, c] = printed;
    let printed = [a?, b?, c?];
    let (pixels, width) = (sources.crossed("knn-pixels")?, sources.crossed("width")?);
    let history = sources.histories("googlenet")?;
    let training: Vec<f64> =
        history.iter().map(|one| one.number(one.rows.len() - 1, "train_accuracy")).collect::<Result<_>>()?;
    let validation: Vec<f64> =
        history.iter().map(|one| one.number(one.rows.len() - 1, "validation_loss")).collect::<Result<_>>()?;
    let of_vgg16 = at(7, "VGG-16's (figure 15)");
    let of_googlenet = at(7, "GoogLeNet's (figure 16)");
    let better = difference(&resnet, &crossed_vgg16)?;
    let better_than_googlenet = difference(&resnet, &crossed_googlenet)?;
    let board = "results/leaderboard.csv".to_string();
    Ok(vec![
        Claim {
            section: "3.2",
            text: "VGG-16 has 28 %",
            published: Published::percent(28.0),
            ours: Ours::runs(&vgg16),
            verdict: Verdict::Reproduced,
            because: "Within what three seeds give.".into(),
            place: of_vgg16,
            file: "results/vgg16/runs.csv".into(),
        },
        Claim {
            section: "3.2, 4.2",
            text: "VGG-16 recognises only class 2 (shock) and class 5 (happy)",
            published: Published::count(2),
            ours: Ours::count(recognised[1]).named("classes recognised"),
            verdict: Verdict::Refuted,
            because: "True of the report's model (figure 15) and not of the network: with ImageNet's convolutions frozen, as \
                      figure 21 has it, ours recognises every class."
                .into(),
            place: of_vgg16,
            file: "results/predictions/vgg16.csv".into(),
        },
        Claim {
            section: "3.2",
            text: "GoogLeNet has 20 %",
            published: Published::percent(20.0),
            ours: Ours::runs(&googlenet),
            verdict: Verdict::Reproduced,
            because: "It is the fraction of \"shock\" in the test: 18 of 92 there.".into(),
            place: of_googlenet,
            file: "results/googlenet/runs.csv".into(),
        },
        Claim {
            section: "3.2, 4.2",
            text: "GoogLeNet recognises only class 2 (shock)",
            published: Published::count(1),
            ours: Ours::count(recognised[2]).named("classes recognised"),
            verdict: Verdict::Reproduced,
            because: "From scratch it answers \"shock\" to every photo, in every fold: a constant, which recognises nothing."
                .into(),
            place: of_googlenet,
            file: "results/predictions/googlenet.csv".into(),
        },
        Claim {
            section: "1.2",
            text: "VGG-16 and GoogLeNet have around 20 to 30 %",
            published: Published::range("20 to 30 %", 0.195, 0.305),
            ours: Ours::holds(
                [&vgg16, &googlenet].iter().all(|runs| runs.low <= 0.305 && runs.high >= 0.195),
                format!("VGG-16 {}; GoogLeNet {}", Ours::runs(&vgg16), Ours::runs(&googlenet)),
            ),
            verdict: Verdict::Reproduced,
            because: "Both intervals reach into it.".into(),
            place: at(7, "Accuracy"),
            file: "results/summary.csv".into(),
        },
        Claim {
            section: "4.2",
            text: "ResNet-50 recognises all 7 classes, the other two networks 1 or 2",
            published: Published::statement("7, 2, 1"),
            ours: Ours::holds(
                recognised == printed,
                format!("ResNet-50 {}, VGG-16 {}, GoogLeNet {}", recognised[0], recognised[1], recognised[2]),
            ),
            verdict: Verdict::Refuted,
            because: "True of figures 14 to 16; with the same weights frozen ours differ in VGG-16.".into(),
            place: at(7, "Which classes does it answer with?"),
            file: board.clone(),
        },
        Claim {
            section: "4.2",
            text: "Since a network recognises more classes it has a higher accuracy",
            published: Published::statement("more classes, more accuracy"),
            ours: Ours::holds(
                !(self::recognised(&pixels) > self::recognised(&width) && pixels.accuracy < width.accuracy),
                format!(
                    "k-NN on pixels: {} classes, {} %; k-NN on the file's width alone: {} classes, {} %",
                    self::recognised(&pixels),
                    number(pixels.accuracy),
                    self::recognised(&width),
                    number(width.accuracy)
                ),
            ),
            verdict: Verdict::Refuted,
            because: "The order of its three networks is so, but two methods in the opposite order show that it is no reason."
                .into(),
            place: at(7, "Which classes does it answer with?"),
            file: board.clone(),
        },
        Claim {
            section: "4.2",
            text: "ResNet-50 clearly outperforms VGG-16 and GoogLeNet",
            published: Published::statement("51 % against 28 and 20 %"),
            ours: Ours::all_higher(&[
                ("ResNet-50 less VGG-16".into(), better),
                ("less GoogLeNet".into(), better_than_googlenet),
            ]),
            verdict: Verdict::Reproduced,
            because: "In cross-validation, with ImageNet's weights frozen in ResNet-50 as in VGG-16. What three endings of a \
                      training from scratch give is in the row of 51 %."
                .into(),
            place: at(7, "Does one network beat another?"),
            file: board.clone(),
        },
        Claim {
            section: "4.2",
            text: "ResNet-50 is the best suited of its models",
            published: Published::statement("ResNet-50"),
            ours: Ours::all_higher(&[
                ("fine-tuned ResNet-50 less frozen VGG-16".into(), difference(&sources.crossed("resnet50-tuned-128")?, &crossed_vgg16)?),
                ("frozen ResNet-50 less frozen VGG-16".into(), better),
            ]),
            verdict: Verdict::Reproduced,
            because: "It leads our leaderboard too. GoogLeNet's ImageNet weights were not to be had.".into(),
            place: at(16, "All methods"),
            file: board,
        },
        Claim {
            section: "2.2.3",
            text: "Under-fitting: accuracy low and loss high on training and other photos",
            published: Published::statement("low and high on both"),
            ours: Ours::holds(
                training.iter().all(|&accuracy| accuracy < 0.3) && validation.iter().all(|&loss| loss > 0.8 * 7f64.ln()),
                format!(
                    "GoogLeNet: training accuracy {}, validation loss {}",
                    shown(&training, |one| format!("{} %", number(one))),
                    shown(&validation, |one| format!("{one:.2}"))
                ),
            ),
            verdict: Verdict::Reproduced,
            because: "GoogLeNet from scratch is the example: it never leaves the loss of guessing, ln 7 = 1.95, by a fifth."
                .into(),
            place: at(6, "Over-fitting on purpose"),
            file: "results/googlenet/seed1-history.csv".into(),
        },
    ])
}

/// How many classes a method recognises at all.
fn recognised(scores: &CrossValidationScores) -> usize {
    scores.recall.iter().filter(|&&recall| recall > 0.0).count()
}

/// How many classes a figure's network recognises at all.
fn classes_in(figure: usize) -> Result<usize> {
    let ClassificationReport { classes, .. } = classification_report(figure)?;
    Ok(classes.iter().filter(|class| class.scores.recall > 0.0).count())
}

fn shown(values: &[f64], text: fn(f64) -> String) -> String {
    values.iter().map(|&value| text(value)).collect::<Vec<_>>().join(", ")
}
