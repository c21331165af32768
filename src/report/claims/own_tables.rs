//! Section 3.2 and 4.2 beside the report's own tables, figures 14 to 16: what they say can be computed exactly.

use super::sources::at;
use super::{Claim, Ours, Place, Published, Sources, Verdict};
use crate::Result;
use crate::metrics::{ClassificationReport, Scores};
use crate::report::published::classification_report;
use crate::study::experiment::Experiment;

/// Two decimals are printed of every score; a mean of rounded ones may be off by as much again.
const ROUNDING: f64 = 0.0101;
const SHOCK: usize = 2;
const HAPPY: usize = 5;

/// A figure with a classification report.
struct Figure {
    network: &'static str,
    place: Place,
    report: ClassificationReport,
    file: String,
}

pub(super) fn claims(sources: &Sources) -> Result<Vec<Claim>> {
    let figure = |number, network, heading, recipe: &str| {
        let mark = format!("Here: {recipe}");
        Ok::<_, crate::Error>(Figure {
            network,
            place: at(7, heading),
            report: classification_report(number)?,
            file: sources.table(7, &["Classification report: published, and here", &mark])?.file,
        })
    };
    let resnet = figure(14, "ResNet-50", "ResNet-50's classification report (figure 14)", "resnet50v2")?;
    let vgg16 = figure(15, "VGG-16", "VGG-16's (figure 15)", "vgg16")?;
    let googlenet = figure(16, "GoogLeNet", "GoogLeNet's (figure 16)", "googlenet")?;
    let three = [&resnet, &vgg16, &googlenet];
    let each = |what: &str, value: fn(&Scores) -> f64, class: usize| {
        let numbers = three.map(|one| format!("{} {:.2}", one.network, value(&one.report.classes[class].scores)));
        format!("{what}: {}", numbers.join(", "))
    };
    let recalls: Vec<f64> = resnet.report.classes.iter().map(|class| class.scores.recall).collect();
    let (least, most) = super::ours::range(recalls.iter().copied());
    let batch = Experiment::recipe("vgg16", 1)?.training.batch_size;
    let photos = vgg16.report.macro_average.support;
    let scores = |one: &Figure, class: usize| one.report.classes[class].scores;
    let best_f1 = (0..7).max_by(|&a, &b| scores(&resnet, a).f1.total_cmp(&scores(&resnet, b).f1)).unwrap_or(0);
    Ok(vec![
        agrees_with_itself(
            "3.2, figure 14",
            "ResNet-50: accuracy 0.51, macro averages 0.45, 0.43, 0.42, weighted 0.48, 0.51, 0.48",
            &resnet,
        ),
        agrees_with_itself(
            "3.2, figure 15",
            "VGG-16: accuracy 0.28, macro averages 0.08, 0.19, 0.11, weighted 0.12, 0.28, 0.17",
            &vgg16,
        ),
        agrees_with_itself(
            "3.2, figure 16",
            "GoogLeNet: accuracy 0.20, macro averages 0.03, 0.14, 0.05, weighted 0.04, 0.20, 0.06",
            &googlenet,
        ),
        Claim {
            section: "3.2, figure 15",
            text: "The test took 3 steps",
            published: Published::count(3),
            ours: Ours::count(photos.div_ceil(batch)).named(&format!("{photos} photos in batches of {batch}")),
            verdict: Verdict::Reproduced,
            because: "The progress bar above the table; 32 is Keras's batch.".into(),
            place: vgg16.place,
            file: "recipes/vgg16.toml".into(),
        },
        Claim {
            section: "3.2",
            text: "ResNet-50 classifies all classes well",
            published: Published::statement("well"),
            ours: Ours::holds(least >= 0.5, format!("figure 14's recalls: {least:.2} to {most:.2}; {} of 7 reach 0.50", recalls.iter().filter(|&&recall| recall >= 0.5).count())),
            verdict: Verdict::Refuted,
            because: "Well: at least half of a class's photos. It found 1 of 11 crying faces and 1 of 7 pleased ones.".into(),
            place: resnet.place,
            file: resnet.file.clone(),
        },
        Claim {
            section: "3.2",
            text: "ResNet-50 is best at class 2 (shock)",
            published: Published::statement("shock"),
            ours: Ours::holds(
                best_f1 == SHOCK,
                format!(
                    "figure 14's F1: shock {:.2}, happy {:.2}; here (frozen) {}",
                    scores(&resnet, SHOCK).f1,
                    scores(&resnet, HAPPY).f1,
                    of_frozen(sources)?
                ),
            ),
            verdict: Verdict::Reproduced,
            because: "By F1 and precision; the recall of \"happy\" is higher.".into(),
            place: resnet.place,
            file: "results/resnet50-frozen/classes.csv".into(),
        },
        Claim {
            section: "3.2",
            text: "VGG-16 recognises class 5 (happy) slightly better than class 2 (shock)",
            published: Published::statement("F1 0.44 and 0.34"),
            ours: Ours::higher("recall of happy less that of shock in cross-validation", &happy_less_shock(sources)?),
            verdict: Verdict::CannotBeKnown,
            because: "True of figure 15; of VGG-16 it is not decided.".into(),
            place: vgg16.place,
            file: "results/predictions/vgg16.csv".into(),
        },
        Claim {
            section: "4.2",
            text: "\"Shock\" is classified with a very high precision by all models",
            published: Published::statement("very high"),
            ours: Ours::holds(
                three.iter().all(|one| scores(one, SHOCK).precision >= 0.5),
                each("figures 14 to 16, precision of shock", |scores| scores.precision, SHOCK),
            ),
            verdict: Verdict::Refuted,
            because: "GoogLeNet's precision is the fraction of shocked faces in the test: it answers nothing else.".into(),
            place: at(7, "Which classes does it answer with?"),
            file: googlenet.file.clone(),
        },
        Claim {
            section: "4.2",
            text: "ResNet-50 is better in precision and recall also in the same class as VGG-16 and GoogLeNet",
            published: Published::statement("better in both"),
            ours: Ours::holds(
                [(SHOCK, &vgg16), (HAPPY, &vgg16), (SHOCK, &googlenet)].iter().all(|&(class, other)| {
                    let (own, other) = (scores(&resnet, class), scores(other, class));
                    own.precision > other.precision && own.recall > other.recall
                }),
                format!(
                    "{}; {}",
                    each("recall of shock", |scores| scores.recall, SHOCK),
                    each("of happy", |scores| scores.recall, HAPPY)
                ),
            ),
            verdict: Verdict::Refuted,
            because: "Its precision is higher in both classes; its recall is lower than GoogLeNet's for shock and the same as \
                      VGG-16's for happy."
                .into(),
            place: resnet.place,
            file: resnet.file.clone(),
        },
    ])
}

/// Whether figure 2, of cited work 2, agrees with itself.
pub(super) fn figure_2(sources: &Sources) -> Result<Claim> {
    let densenet = Figure {
        network: "DenseNet-201",
        place: at(11, "Cited work 2: DenseNet-201 (figure 2)"),
        report: classification_report(2)?,
        file: sources.table(11, &["Classification report: published, and here"])?.file,
    };
    Ok(agrees_with_itself(
        "1.1, figure 2",
        "DenseNet-201: accuracy 0.32, macro averages 0.38, 0.33, 0.33, weighted 0.40, 0.32, 0.33",
        &densenet,
    ))
}

/// Whether accuracy and averages follow from the rows of the classes.
fn agrees_with_itself(section: &'static str, text: &'static str, figure: &Figure) -> Claim {
    let ClassificationReport { classes, accuracy, macro_average, weighted_average } = &figure.report;
    let photos: usize = classes.iter().map(|class| class.scores.support).sum();
    let hits: f64 = classes.iter().map(|class| (class.scores.recall * class.scores.support as f64).round()).sum();
    let all: [fn(&Scores) -> f64; 3] = [|scores| scores.precision, |scores| scores.recall, |scores| scores.f1];
    let mean = |value: fn(&Scores) -> f64, weight: &dyn Fn(&Scores) -> f64| {
        let weights: f64 = classes.iter().map(|class| weight(&class.scores)).sum();
        classes.iter().map(|class| weight(&class.scores) * value(&class.scores)).sum::<f64>() / weights
    };
    let equal = all.map(|value| mean(value, &|_| 1.0));
    let weighted = all.map(|value| mean(value, &|scores| scores.support as f64));
    let close = |ours: [f64; 3], theirs: &Scores| {
        ours.iter().zip(all).all(|(ours, value)| (ours - value(theirs)).abs() <= ROUNDING)
    };
    let fraction = hits / photos as f64;
    let holds =
        (fraction - accuracy).abs() <= ROUNDING && close(equal, macro_average) && close(weighted, weighted_average);
    let shown = |[a, b, c]: [f64; 3]| format!("{a:.2}, {b:.2}, {c:.2}");
    Claim {
        section,
        text,
        published: Published::statement("as in the figure"),
        ours: Ours::holds(
            holds,
            format!(
                "from the classes' rows: {hits} of {photos} = {fraction:.3}; macro {}; weighted {}",
                shown(equal),
                shown(weighted)
            ),
        ),
        verdict: Verdict::Reproduced,
        because: "The table agrees with itself, to the rounding of two decimals.".into(),
        place: figure.place,
        file: figure.file.clone(),
    }
}

/// F1 of our ResNet-50 with ImageNet's weights frozen.
fn of_frozen(sources: &Sources) -> Result<String> {
    let classes = sources.runs("resnet50-frozen")?.classes;
    let of = |name: &str| classes.iter().find(|class| class.name == name).map_or(f64::NAN, |class| class.f1);
    Ok(format!("shock {:.2}, happy {:.2}", of("shock"), of("happy")))
}

/// Recalls of VGG-16 in cross-validation, on the photos of the two classes.
fn happy_less_shock(sources: &Sources) -> Result<crate::metrics::Difference> {
    let predictions = sources.predictions("vgg16")?;
    let scores = predictions.scores()?;
    let of = |name: &str| {
        let class = predictions.classes().iter().position(|class| class == name);
        let class =
            class.ok_or_else(|| crate::Error::Data(format!("the predictions of vgg16 have no class {name}")))?;
        let photos = predictions.rows().iter().filter(|row| row.repeat == 0 && row.truth == class).count();
        Ok::<_, crate::Error>((scores.recall[class], photos))
    };
    let ((happy, n), (shock, m)) = (of("happy")?, of("shock")?);
    crate::metrics::Difference::of_fractions(happy, n, shock, m)
}
