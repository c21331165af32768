//! Sections 3.3, 4.3 and 2.2.4: transfer learning (figures 18 and 19).

use super::from_scratch::best_of_all;
use super::ours::range;
use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::metrics::Difference;

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let asked = sources.table(9, &["The same weights, asked in different ways"])?;
    let trained = sources.table(9, &["Trained one after the other", "scaling and statistics"])?;
    let majority = trained.number("no mistake", "majority")?;
    let of = |row: &str, column: &str| asked.number(row, column);
    let (mistakes, right) = ("scaling and statistics", "no mistake");
    // Two decimals are shown, so that always answering "shock" may read a little higher.
    let fails =
        |row: &str| -> Result<bool> { Ok(of(row, "training")? >= 0.8 && of(row, "validation")? <= majority + 0.005) };
    let shown = |row: &str| -> Result<String> {
        Ok(format!("{} in training, {} in validation", of(row, "training")?, of(row, "validation")?))
    };
    let scratch = best_of_all(sources)?;
    let tuned = sources.crossed("resnet50-tuned-128")?;
    let photos = sources.runs(&scratch.recipe)?;
    let photos: f64 = photos.classes.iter().map(|class| class.support).sum();
    let better = Difference::of_fractions(scratch.accuracy, photos.round() as usize, tuned.accuracy, tuned.images)?;
    let less =
        format!("from scratch ({}, its best ending and statistics) less fine-tuned from ImageNet", scratch.recipe);
    let in_inference = of(mistakes, "training, in inference")?;
    let cost = |recipe: &str| -> Result<f64> {
        let rows = sources.runs(recipe)?.rows;
        Ok(rows.iter().map(|row| row.cpu_seconds).sum::<f64>() / rows.len() as f64)
    };
    let [from_scratch, whole, frozen] = [cost("resnet50")?, cost("resnet50-whole")?, cost("resnet50-frozen")?];
    let losses: Vec<f64> = sources
        .histories("resnet50-whole")?
        .iter()
        .map(|one| one.number(one.rows.len() - 1, "train_loss"))
        .collect::<Result<_>>()?;
    let (low, high) = range(losses.iter().copied());
    let failure = at(9, "The report's failure (figure 18), made on purpose");
    let before_and_after = at(9, "Before and after (figure 19)");
    Ok(vec![
        Claim {
            section: "3.3, figure 18",
            text: "After transfer learning the model does well in training and very poorly in validation",
            published: Published::statement("well, and very poor"),
            ours: Ours::holds(fails(right)?, shown(right)?),
            verdict: Verdict::Explained {
                by: "pixels scaled for another network, with batch norms that normalise by the batch",
                with: Ours::holds(fails(mistakes)?, shown(mistakes)?),
            },
            because: "Very poor: no better than always answering \"shock\". No single mistake does it; both together do.".into(),
            place: failure,
            file: trained.file.clone(),
        },
        Claim {
            section: "3.3, 4.3, figure 19",
            text: "The base model is better than the one after transfer learning, which shows no improvement",
            published: Published::statement("base model better"),
            ours: Ours::higher(&less, &better),
            verdict: Verdict::Refuted,
            because: "On all photos, each judged by a model that never saw it, beside the base model at its best.".into(),
            place: before_and_after,
            file: "results/predictions/resnet50-tuned-128.csv".into(),
        },
        Claim {
            section: "2.2.4",
            text: "Transfer learning improves a model, with few labelled photos too",
            published: Published::statement("improves"),
            ours: Ours::higher("fine-tuned from ImageNet less from scratch", &reversed(&better)),
            verdict: Verdict::Reproduced,
            because: "The method section is right where the result section is not.".into(),
            place: before_and_after,
            file: "results/predictions/resnet50-tuned-128.csv".into(),
        },
        Claim {
            section: "4.3",
            text: "It fails because it over-fits",
            published: Published::statement("probably"),
            ours: Ours::holds(
                in_inference >= 0.8,
                format!("the failed network knows {in_inference} of its own training photos when asked as in validation"),
            ),
            verdict: Verdict::Refuted,
            because: "A network that has learnt its photos by heart knows them however it is asked; with its statistics \
                      measured again this one does."
                .into(),
            place: at(9, "Which mistake is it? Ask the training photos"),
            file: asked.file.clone(),
        },
        Claim {
            section: "4.3",
            text: "Accuracy and loss are both super high in training",
            published: Published::statement("both high"),
            ours: Ours::undecided(format!(
                "a whole ResNet-50 from ImageNet ends with a training loss of {low:.2} to {high:.2}"
            )),
            verdict: Verdict::CannotBeKnown,
            because: "Figure 18 is a picture. A training accuracy that is super high goes with a low loss, and section 3.3 says \
                      that the model performs well in training."
                .into(),
            place: failure,
            file: "results/resnet50-whole/curves.svg".into(),
        },
        Claim {
            section: "4.3",
            text: "Transfer learning saves CPU, since knowledge is there already",
            published: Published::statement("saves CPU"),
            ours: Ours::holds(
                whole < from_scratch,
                format!("CPU seconds a training: all layers from ImageNet {whole:.0}, from scratch {from_scratch:.0}"),
            ),
            verdict: Verdict::Explained {
                by: "frozen layers",
                with: Ours::holds(frozen < from_scratch, format!("frozen {frozen:.0}, from scratch {from_scratch:.0}")),
            },
            because: "What is frozen is not trained; what is trained costs as much, whatever it began with.".into(),
            place: before_and_after,
            file: "results/summary.csv".into(),
        },
    ])
}

fn reversed(difference: &Difference) -> Difference {
    Difference { difference: -difference.difference, low: -difference.high, high: -difference.low }
}
