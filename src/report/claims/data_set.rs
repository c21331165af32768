//! Sections 2.1.1 and 2.2.1: the photos, their division and preparation.

use super::sources::at;
use super::{Claim, Ours, Published, Sources, Verdict};
use crate::Result;
use crate::data::{EXPRESSIONS, PUBLISHED_COUNTS};
use crate::net::models::by_name;
use crate::report::published::{classification_report, parameter_totals};

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let counts = sources.table(1, &["How many photos there are said to be, and are"])?;
    let set = sources.table(1, &["label  class"])?;
    let parts = sources.table(3, &["Photos in each part of the split"])?;
    let here = |class: &str| counts.number(class, "here").map(|count| count as usize);
    let total = here("total")?;
    let each: Vec<usize> = EXPRESSIONS.iter().map(|class| here(class)).collect::<Result<_>>()?;
    let printed: Vec<usize> = PUBLISHED_COUNTS.iter().map(|count| count.report).collect();
    let sum = |column: &str| -> Result<f64> { EXPRESSIONS.iter().map(|class| parts.number(class, column)).sum() };
    let (training, test) = (sum("train")? + sum("validation")?, sum("test")?);
    let supports: Vec<usize> = classification_report(14)?.classes.iter().map(|class| class.scores.support).collect();
    let tested: usize = supports.iter().sum();
    let fraction = |class: usize| tested as f64 * each[class] as f64 / total as f64;
    let farthest = (0..EXPRESSIONS.len())
        .max_by(|&a, &b| (supports[a] as f64 - fraction(a)).abs().total_cmp(&(supports[b] as f64 - fraction(b)).abs()))
        .unwrap_or(0);
    let printed_total =
        |network: &str| parameter_totals().into_iter().find(|one| one.network == network).map_or(0, |one| one.total);
    let googlenet = |input| Ok::<_, crate::Error>(by_name("googlenet", input, 7, 1)?.summary()?.total);
    let [three, one, larger] = [(100, 100, 3), (100, 100, 1), (224, 224, 3)];
    let [three, one, larger] = [googlenet(three)?, googlenet(one)?, googlenet(larger)?];
    let figure_21 = printed_total("googlenet");
    let said = crate::net::nn::grouped;
    Ok(vec![
        Claim {
            section: "2.1.1",
            text: "The data set contains 463 photos",
            published: Published::count(463),
            ours: Ours::count(total),
            verdict: Verdict::Refuted,
            because:
                "The public download has fewer; where the report's other files came from it does not say. Its test of \
                      92 photos is a fifth of 463 and not of what is there."
                    .into(),
            place: at(1, "A trap: the counts"),
            file: counts.file.clone(),
        },
        Claim {
            section: "2.1.1",
            text: "The counts of the seven classes add up to 463",
            published: Published::count(463),
            ours: Ours::count(printed.iter().sum()),
            verdict: Verdict::Reproduced,
            because: "The list agrees with its sum.".into(),
            place: at(1, "A trap: the counts"),
            file: counts.file.clone(),
        },
        Claim {
            section: "2.1.1",
            text: "Sad 57, pleased 38, shock 103, angry 55, crying 56, happy 87, embarrassed 67 photos",
            published: Published::statement("57, 38, 103, 55, 56, 87, 67"),
            ours: Ours::holds(each == printed, each.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
            verdict: Verdict::Refuted,
            because: "Each class has one file less, and \"angry\" two, in the public download.".into(),
            place: at(1, "A trap: the counts"),
            file: counts.file.clone(),
        },
        Claim {
            section: "2.1.1",
            text: "There are seven expressions",
            published: Published::count(7),
            ours: Ours::count(each.iter().filter(|&&count| count > 0).count()),
            verdict: Verdict::Reproduced,
            because: "They are the folders of the download.".into(),
            place: at(1, "How many of each"),
            file: set.file.clone(),
        },
        Claim {
            section: "2.2.1",
            text: "80 % train (about 370 photos), 20 % test (about 90 photos)",
            published: Published::range("about 90 in the test", 85.0, 95.0),
            ours: Ours::between(format!("{training} and {test}"), [test].into_iter()),
            verdict: Verdict::Reproduced,
            because:
                "A tenth of the training photos is kept for validation here; the report names no validation photos."
                    .into(),
            place: at(3, "Dividing the photos"),
            file: parts.file.clone(),
        },
        Claim {
            section: "2.2.1",
            text: "The photos are divided at random",
            published: Published::statement("at random"),
            ours: Ours::holds(
                (supports[farthest] as f64 - fraction(farthest)).abs() > 1.0,
                format!(
                    "{} of {tested} test photos are \"{}\"; by its fraction of the data set it would be {:.1}",
                    supports[farthest],
                    EXPRESSIONS[farthest],
                    fraction(farthest)
                ),
            ),
            verdict: Verdict::Reproduced,
            because: "A stratified split would have each class to within one photo; figures 14 to 16 do not.".into(),
            place: at(3, "Dividing the photos"),
            file: parts.file.clone(),
        },
        Claim {
            section: "2.2.1",
            text: "The images are converted to grayscale",
            published: Published::range("one channel", one as f64, one as f64),
            ours: Ours::count(figure_21).named("GoogLeNet in figure 21"),
            verdict: Verdict::Explained {
                by: "a grey image in three equal channels",
                with: Ours::holds(
                    three == figure_21 && set.contains("  0 in colour"),
                    format!("{} parameters with three channels, {} with one", said(three), said(one)),
                ),
            },
            because:
                "Figure 21 counts the parameters of networks for three channels. All photos of the set are grey in \
                      content, so that converting them changes nothing."
                    .into(),
            place: at(3, "All of them at once"),
            file: set.file.clone(),
        },
        Claim {
            section: "2.2.1",
            text: "Each photo has a final size of 100 x 100",
            published: Published::range("100 x 100", three as f64, three as f64),
            ours: Ours::count(figure_21).named("GoogLeNet in figure 21"),
            verdict: Verdict::Reproduced,
            because: format!(
                "GoogLeNet's auxiliary heads grow with the image: at 224 x 224 it would have {} parameters.",
                said(larger)
            ),
            place: at(2, "The report's networks, layer by layer (figure 21)"),
            file: sources.table(2, &["Model: \"googlenet\""])?.file,
        },
    ])
}
