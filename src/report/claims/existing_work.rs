//! Section 1.1: what the report says of the works that it cites, and of its place among them.

use super::ours::{number, range};
use super::own_tables;
use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::metrics::Difference;
use crate::report::published::{self, cited_works, pytorch_log};

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let file = |recipe: &str| format!("results/{recipe}/runs.csv");
    let cited_1 = sources.runs("cited-1")?;
    let densenet = sources.runs("densenet201")?;
    let dcnn = sources.runs("dcnn")?;
    let log: Vec<usize> =
        pytorch_log().iter().map(|row| (100.0 * row.correct as f64 / row.photos as f64).round() as usize).collect();
    let works: Vec<f64> = cited_works().iter().filter_map(|work| work.accuracy).collect();
    let (lowest, highest) = range(works.iter().copied());
    let repeated = ["cited-1", "densenet201", "cited-3", "dcnn"];
    let means: Vec<f64> =
        repeated.iter().map(|recipe| Ok(sources.runs(recipe)?.mean_accuracy)).collect::<Result<_>>()?;
    let (least, most) = range(means.iter().copied());
    let figure_2 = published::classification_report(2)?;
    Ok(vec![
        Claim {
            section: "1.1",
            text: "Cited work 1 (ResNet-50 in PyTorch) reaches 42 %",
            published: Published::percent(42.0),
            ours: Ours::runs(&cited_1),
            verdict: Verdict::Reproduced,
            because:
                "Three epochs from ImageNet's weights, on tests of 150 photos as well; its settings are our guess."
                    .into(),
            place: at(11, "Cited work 1: ResNet-50 in PyTorch (figure 1)"),
            file: file("cited-1"),
        },
        Claim {
            section: "1.1, figure 1",
            text: "26, 52 and 63 of 150 photos are 17, 35 and 42 %",
            published: Published::statement("17, 35, 42 %"),
            ours: Ours::holds(
                log == [17, 35, 42],
                log.iter().map(|one| format!("{one} %")).collect::<Vec<_>>().join(", "),
            ),
            verdict: Verdict::Reproduced,
            because: "The log agrees with itself.".into(),
            place: at(11, "Cited work 1: ResNet-50 in PyTorch (figure 1)"),
            file: sources.table(11, &["Epoch by epoch: the log, and here"])?.file,
        },
        Claim {
            section: "1.1",
            text: "Cited work 2 (DenseNet-201) reaches 32 %",
            published: Published::percent(32.0),
            ours: Ours::runs(&densenet),
            verdict: Verdict::Reproduced,
            because: "Within what the seed does to a network from scratch with the report's settings.".into(),
            place: at(11, "Cited work 2: DenseNet-201 (figure 2)"),
            file: file("densenet201"),
        },
        own_tables::figure_2(sources)?,
        Claim {
            section: "1.1, figure 2",
            text: "Figure 2 is a table of the confusion matrix",
            published: Published::statement("a confusion matrix"),
            ours: Ours::holds(false, format!("{} rows of precision, recall, F1 and support", figure_2.classes.len())),
            verdict: Verdict::Refuted,
            because: "It is a classification report: which classes are taken for which does not follow from it.".into(),
            place: at(11, "Cited work 2: DenseNet-201 (figure 2)"),
            file: sources.table(11, &["Classification report: published, and here"])?.file,
        },
        Claim {
            section: "1.1, figure 3",
            text: "Figure 3 shows the accuracy and loss of \"the model\"",
            published: Published::statement("curves without a name"),
            ours: Ours::undecided(format!("the DCNN, {}; DenseNet-201, {}", Ours::runs(&dcnn), Ours::runs(&densenet))),
            verdict: Verdict::CannotBeKnown,
            because: "It stands between DenseNet-201 and the DCNN, and its caption names neither.".into(),
            place: at(11, "Cited works 4 and 5: the DCNN (figure 3)"),
            file: file("dcnn"),
        },
        Claim {
            section: "1.1",
            text: "The current models have 30 to 40 %",
            published: Published::statement("30 to 40 %"),
            ours: Ours::holds(
                lowest >= 0.3 && highest <= 0.4,
                format!(
                    "printed {} to {} %; repeated here {} to {} %",
                    number(lowest),
                    number(highest),
                    number(least),
                    number(most)
                ),
            ),
            verdict: Verdict::Refuted,
            because: "Its own figure 1 has more, and it gives an accuracy for two of the five works only.".into(),
            place: at(11, "All of them side by side"),
            file: "results/summary.csv".into(),
        },
        Claim {
            section: "Summary, 5",
            text: "ResNet-50's 51 % is higher than what other works have (\"50 % > 30 %\")",
            published: Published::statement("51 % against 42 and 32 %"),
            ours: Ours::higher("its 47 of 92 against cited work 1's 63 of 150", &printed_against("cited work 1")?),
            verdict: Verdict::CannotBeKnown,
            because: "The best other work has 42 % and not 30; tests of 92 and 150 photos do not decide between them."
                .into(),
            place: at(16, "Does the report's ResNet-50 win?"),
            file: sources.table(16, &["Differences in points", "DenseNet-201 (densenet201)"])?.file,
        },
        Claim {
            section: "4.2",
            text: "ResNet-50 is much higher than DenseNet-201's 32 %",
            published: Published::statement("51 % against 32 %"),
            ours: Ours::higher("its 47 of 92 against 18 of 56", &printed_against("cited work 2")?),
            verdict: Verdict::Reproduced,
            because: "The printed counts decide it, so far as two tests of different photos can.".into(),
            place: at(16, "Does the report's ResNet-50 win?"),
            file: sources.table(16, &["Differences in points", "DenseNet-201 (densenet201)"])?.file,
        },
        Claim {
            section: "1.2, 4.2",
            text: "VGG-16 and GoogLeNet are in the range of DenseNet-201 and other works",
            published: Published::statement("28 and 20 % beside 32 %"),
            ours: Ours::alike(&[
                ("DenseNet-201's 18 of 56 against VGG-16's 26 of 92".into(), densenet_against("VGG-16")?),
                ("against GoogLeNet's 18 of 92".into(), densenet_against("GoogLeNet")?),
            ]),
            verdict: Verdict::Reproduced,
            because: "So few photos cannot tell them apart.".into(),
            place: at(16, "Does the report's ResNet-50 win?"),
            file: sources.table(16, &["Accuracy in percent, with its 95 % interval", "76.0"])?.file,
        },
    ])
}

/// The report's ResNet-50 less a cited work, by the printed counts.
fn printed_against(work: &str) -> Result<Difference> {
    let all = published::all();
    let find = |wanted: &dyn Fn(&published::Published) -> bool| {
        all.iter().find(|one| wanted(one)).and_then(|one| one.correct_of)
    };
    counted(find(&|one| one.method == "ResNet-50"), find(&|one| one.by == work))
}

/// DenseNet-201 less one of the report's networks, by the printed counts.
fn densenet_against(method: &str) -> Result<Difference> {
    let all = published::all();
    let find = |name: &str| all.iter().find(|one| one.method == name).and_then(|one| one.correct_of);
    counted(find("DenseNet-201"), find(method))
}

fn counted(first: Option<(usize, usize)>, second: Option<(usize, usize)>) -> Result<Difference> {
    let fraction = |counts: Option<(usize, usize)>| {
        let (correct, photos) =
            counts.ok_or_else(|| crate::Error::Data("a published accuracy was not counted".into()))?;
        Ok::<_, crate::Error>((correct as f64 / photos as f64, photos))
    };
    let ((a, n), (b, m)) = (fraction(first)?, fraction(second)?);
    Difference::of_fractions(a, n, b, m)
}
