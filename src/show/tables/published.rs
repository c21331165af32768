//! Published results beside ours.

use super::Table;
use crate::Result;
use crate::lessons::Lessons;
use crate::metrics::{ClassificationReport, McNemar, Scores};
use crate::report::discussion::{Compared, Measurement, Protocol};
use crate::report::published::{LoggedEpoch, Published};
use crate::study::experiment::TrainedRun;

impl Table {
    /// Published works as rows: what they used, where the report has it, the accuracy and of how many photos, and the
    /// recipe that repeats it here.
    pub fn published(works: &[Published]) -> Result<Table> {
        let text = |value: &dyn Fn(&Published) -> String| works.iter().map(value).collect::<Vec<_>>();
        let photos =
            |work: &Published| work.correct_of.map_or(String::new(), |(correct, of)| format!("{correct} of {of}"));
        let accuracies: Vec<Option<f64>> = works.iter().map(|work| work.accuracy).collect();
        Table::new("Published")
            .with_text("by", &text(&|work| work.by.into()))?
            .with_text("method", &text(&|work| work.method.into()))?
            .with_text("place in the report", &text(&|work| work.place.into()))?
            .with_optional_numbers("accuracy", &accuracies, 2)?
            .with_text("photos", &text(&photos))?
            .with_text("recipe", &text(&|work| work.recipe.unwrap_or_default().into()))
    }

    /// A row for each method: its accuracy as published, by us on a split like the report's, and in cross-validation, as far
    /// as there is any of each; each with its 95 % interval in parentheses, in percent. Several runs have their mean and standard
    /// deviation, and the interval of one.
    pub fn measurements(all: &[Measurement]) -> Result<Table> {
        let mut methods: Vec<String> = Vec::new();
        for measurement in all {
            if !methods.contains(&measurement.method) {
                methods.push(measurement.method.clone());
            }
        }
        let column = |protocol: Protocol, missing: &str| {
            let of = |method: &String| {
                let found = all.iter().find(|m| m.protocol == protocol && m.method == *method);
                found.map_or(missing.to_string(), said)
            };
            methods.iter().map(of).collect::<Vec<_>>()
        };
        let columns = [
            ("published", Protocol::Published, ""),
            ("here, one split", Protocol::Split, ""),
            ("here, cross-validation", Protocol::CrossValidation, "not done yet"),
        ];
        let table = Table::new("Accuracy in percent, with its 95 % interval").with_text("method", &methods)?;
        let mut there = columns.into_iter().filter(|(_, protocol, _)| all.iter().any(|m| m.protocol == *protocol));
        there.try_fold(table, |table, (name, protocol, missing)| table.with_text(name, &column(protocol, missing)))
    }

    /// Differences between accuracies in points of a hundred, each with its 95 % interval, and whether they are decided.
    pub fn compared(rows: &[Compared]) -> Result<Table> {
        let number = |value: fn(&Compared) -> f64| rows.iter().map(|row| 100.0 * value(row)).collect::<Vec<_>>();
        let verdict = |row: &Compared| if row.difference.is_decided() { "yes" } else { "no" }.to_string();
        Table::new("Differences in points")
            .with_text("first", &rows.iter().map(|row| row.first.clone()).collect::<Vec<_>>())?
            .with_text("second", &rows.iter().map(|row| row.second.clone()).collect::<Vec<_>>())?
            .with_numbers("difference", &number(|row| row.difference.difference), 1)?
            .with_numbers("low", &number(|row| row.difference.low), 1)?
            .with_numbers("high", &number(|row| row.difference.high), 1)?
            .with_text("decided", &rows.iter().map(verdict).collect::<Vec<_>>())
    }

    /// A published classification report and ours in one table, a row for each class by its name, those that only we
    /// have after the published ones; then accuracy and both averages. Our columns are empty where there is no lesson.
    pub fn reports_beside(published: &ClassificationReport, lesson: Option<&TrainedRun>) -> Result<Table> {
        let ours = lesson.map(|lesson| &lesson.evaluation.report);
        let own = |name: &str| ours.and_then(|ours| ours.classes.iter().find(|class| class.name == name));
        let averages = |report: &ClassificationReport| [report.macro_average, report.weighted_average];
        let mut rows: Vec<(String, Option<Scores>, Option<Scores>)> = Vec::new();
        for class in &published.classes {
            rows.push((class.name.clone(), Some(class.scores), own(&class.name).map(|class| class.scores)));
        }
        for class in ours.iter().flat_map(|ours| &ours.classes) {
            if published.classes.iter().all(|other| other.name != class.name) {
                rows.push((class.name.clone(), None, Some(class.scores)));
            }
        }
        // As in scikit-learn's text, the accuracy stands in the column of F1.
        let accuracy = |report: &ClassificationReport| Scores {
            precision: f64::NAN,
            recall: f64::NAN,
            f1: report.accuracy,
            ..report.macro_average
        };
        rows.push(("accuracy".into(), Some(accuracy(published)), ours.map(accuracy)));
        for (i, name) in ["macro avg", "weighted avg"].into_iter().enumerate() {
            rows.push((name.into(), Some(averages(published)[i]), ours.map(|ours| averages(ours)[i])));
        }
        let names: Vec<String> = rows.iter().map(|(name, ..)| name.clone()).collect();
        let known = |value: f64| Some(value).filter(|value| value.is_finite());
        let theirs = |value: fn(&Scores) -> f64| {
            rows.iter().map(|(_, s, _)| s.as_ref().and_then(|s| known(value(s)))).collect::<Vec<_>>()
        };
        let here = |value: fn(&Scores) -> f64| {
            rows.iter().map(|(_, _, s)| s.as_ref().and_then(|s| known(value(s)))).collect::<Vec<_>>()
        };
        let table = Table::new("Classification report: published, and here")
            .with_text("class", &names)?
            .with_optional_numbers("precision", &theirs(|s| s.precision), 2)?
            .with_optional_numbers("recall", &theirs(|s| s.recall), 2)?
            .with_optional_numbers("f1-score", &theirs(|s| s.f1), 2)?
            .with_optional_numbers("support", &theirs(|s| s.support as f64), 0)?
            .with_optional_numbers("precision here", &here(|s| s.precision), 2)?
            .with_optional_numbers("recall here", &here(|s| s.recall), 2)?
            .with_optional_numbers("f1-score here", &here(|s| s.f1), 2)?
            .with_optional_numbers("support here", &here(|s| s.support as f64), 0)?;
        Ok(match lesson {
            Some(lesson) => table.with_note(&format!("Here: {}, {}.", lesson.name, lesson.evaluation.accuracy)),
            None => table.with_note("Here: left out, since ImageNet's weights are not there."),
        })
    }

    /// A log epoch by epoch beside a training that was watched on its test photos: training loss (of the log the mean of
    /// the four batches it shows), loss and accuracy on the test photos.
    pub fn log_beside(log: &[LoggedEpoch], lesson: Option<&TrainedRun>) -> Result<Table> {
        let epochs = lesson.map_or(0, |lesson| lesson.history.epochs.len()).max(log.len());
        let numbers: Vec<usize> = (1..=epochs).collect();
        let theirs = |value: fn(&LoggedEpoch) -> f64| (0..epochs).map(|i| log.get(i).map(value)).collect::<Vec<_>>();
        let own = |i: usize| lesson.and_then(|lesson| lesson.history.epochs.get(i));
        let train: Vec<Option<f64>> = (0..epochs).map(|i| own(i).map(|e| e.train_loss)).collect();
        let test: Vec<Option<f64>> = (0..epochs).map(|i| own(i)?.validation_loss).collect();
        let accuracy: Vec<Option<f64>> = (0..epochs).map(|i| own(i)?.validation_accuracy).collect();
        Table::new("Epoch by epoch: the log, and here")
            .with_integers("epoch", &numbers)?
            .with_optional_numbers("train loss", &theirs(|e| e.batch_losses.iter().sum::<f64>() / 4.0), 2)?
            .with_optional_numbers("test loss", &theirs(|e| e.test_loss), 2)?
            .with_optional_numbers("test accuracy", &theirs(|e| e.correct as f64 / e.photos as f64), 2)?
            .with_optional_numbers("train loss here", &train, 2)?
            .with_optional_numbers("test loss here", &test, 2)?
            .with_optional_numbers("test accuracy here", &accuracy, 2)
    }

    /// Every two networks on the same test photos, by McNemar's test: how many photos only the first got right, how many only
    /// the second, the p-value, and whether the difference is decided.
    ///
    /// # Errors
    /// Networks that were tested on different photos.
    pub fn paired(lessons: &Lessons) -> Result<Table> {
        let all = lessons.all();
        let mut rows: Vec<(String, String, McNemar)> = Vec::new();
        for (i, first) in all.iter().enumerate() {
            for second in &all[i + 1..] {
                rows.push((first.name.clone(), second.name.clone(), first.against(second)?));
            }
        }
        let verdict = |test: &McNemar| if test.is_decided() { "yes" } else { "no" }.to_string();
        Table::new("On the same photos")
            .with_text("first", &rows.iter().map(|row| row.0.clone()).collect::<Vec<_>>())?
            .with_text("second", &rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>())?
            .with_integers("right only first", &rows.iter().map(|row| row.2.only_first).collect::<Vec<_>>())?
            .with_integers("right only second", &rows.iter().map(|row| row.2.only_second).collect::<Vec<_>>())?
            .with_significant_numbers("p", &rows.iter().map(|row| row.2.p_value).collect::<Vec<_>>(), 2)?
            .with_text("decided", &rows.iter().map(|row| verdict(&row.2)).collect::<Vec<_>>())
    }

    /// How many classes each network predicts at all, and of how many it recognises at least one photo; and its most
    /// frequent answer, with the fraction of the test photos that get it.
    pub fn predicted_classes(lessons: &Lessons) -> Result<Table> {
        let matrices = || lessons.all().iter().map(|lesson| &lesson.evaluation.confusion_matrix);
        let favourite: Vec<usize> = matrices()
            .map(|m| (0..m.classes().len()).rev().max_by_key(|&class| m.predictions(class)).unwrap_or(0))
            .collect();
        let names: Vec<String> = matrices().zip(&favourite).map(|(m, &class)| m.classes()[class].clone()).collect();
        let fractions: Vec<f64> =
            matrices().zip(&favourite).map(|(m, &class)| m.predictions(class) as f64 / m.total() as f64).collect();
        Table::new("Which classes a network answers with")
            .with_text("network", &lessons.names())?
            .with_integers("classes predicted", &matrices().map(|m| m.predicted_classes().len()).collect::<Vec<_>>())?
            .with_integers("classes recognised", &matrices().map(|m| m.recognised_classes().len()).collect::<Vec<_>>())?
            .with_text("most frequent answer", &names)?
            .with_numbers("its fraction", &fractions, 2)
    }
}

/// `49.8 ± 1.7 (39.8 to 59.9; 3 runs of 91 photos)`
fn said(measurement: &Measurement) -> String {
    let percent = |fraction: f64| format!("{:.1}", 100.0 * fraction);
    let mut text = percent(measurement.accuracy);
    if let Some(deviation) = measurement.deviation {
        text += &format!(" ± {}", percent(deviation));
    }
    let interval = measurement.interval.map(|i| format!("{} to {}", percent(i.low), percent(i.high)));
    let photos = measurement.photos.map(|photos| match measurement.runs {
        1 => format!("{photos} photos"),
        repeats if measurement.protocol == Protocol::CrossValidation => format!("{repeats} times {photos} photos"),
        runs => format!("{runs} runs of {photos} photos"),
    });
    let known: Vec<String> = interval.into_iter().chain(photos).collect();
    match known.is_empty() {
        true => text + " (of how many photos is not said)",
        false => format!("{text} ({})", known.join("; ")),
    }
}
