//! What a method said of every photo in repeated cross-validation, each photo scored by a model that never saw it.

use super::{ConfusionMatrix, Interval};
use crate::base::csv::quoted;
use crate::base::files;
use crate::{Error, Result};
use polars::prelude::{Column, CsvReadOptions, CsvWriter, DataFrame, NamedFrom, SerReader, SerWriter, Series};
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// What was said of one photo in one repeat.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutOfFoldRow {
    /// Name of the photo.
    pub image: String,
    /// The repeat, from 0.
    pub repeat: usize,
    /// The fold in which it was tested, from 0.
    pub fold: usize,
    /// Its class, an index into the classes.
    pub truth: usize,
    /// The class that was said.
    pub predicted: usize,
    /// The probability of each class.
    pub probabilities: Vec<f64>,
}

/// The predictions of one method in repeated cross-validation, from which all its scores are computed.
///
/// As a CSV file it has the columns `image`, `repeat`, `fold`, `true`, `predicted` (names of classes) and one for each
/// class with its probability, so that anyone can compute them again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutOfFoldPredictions {
    classes: Vec<String>,
    rows: Vec<OutOfFoldRow>,
}

/// The scores of one method in repeated cross-validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrossValidationScores {
    /// Number of photos.
    pub images: usize,
    /// Number of repeats.
    pub repeats: usize,
    /// Mean over the repeats of the fraction of photos classified correctly, 0 to 1.
    pub accuracy: f64,
    /// Its 95 % interval, by photo: Wilson's for as many photos as there are. Repeats make no new photos, so they do not
    /// narrow it.
    pub interval: Interval,
    /// The accuracy of each repeat.
    pub of_repeats: Vec<f64>,
    /// The fraction of the most frequent class.
    pub majority: f64,
    /// Mean over the repeats of macro F1.
    pub macro_f1: f64,
    /// Mean over the repeats of each class's recall, in the order of the classes.
    pub recall: Vec<f64>,
    /// Expected calibration error, 0 to 1: how far the confidence is from the accuracy (C. Guo et al. 2017), in ten bins
    /// of equal width.
    pub calibration_error: f64,
}

/// Columns before those of the classes.
const FIRST: [&str; 5] = ["image", "repeat", "fold", "true", "predicted"];
/// Bins of the calibration error.
const BINS: usize = 10;

impl OutOfFoldPredictions {
    /// From its rows, in any order.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless every photo is there exactly once in every repeat, always with the same class; for labels
    /// that are none, and probabilities that are not one for each class, between 0 and 1.
    ///
    /// ```
    /// use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow};
    ///
    /// let row = |image: &str, truth, predicted| OutOfFoldRow {
    ///     image: image.into(), repeat: 0, fold: 0, truth, predicted, probabilities: vec![0.5, 0.5],
    /// };
    /// let all = OutOfFoldPredictions::new(&["sad".into(), "happy".into()], vec![row("a", 0, 0), row("b", 1, 0)])?;
    /// assert_eq!(all.scores()?.accuracy, 0.5);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn new(classes: &[String], mut rows: Vec<OutOfFoldRow>) -> Result<OutOfFoldPredictions> {
        for row in &rows {
            let (image, count) = (&row.image, classes.len());
            if row.truth >= count || row.predicted >= count {
                return Err(Error::Invalid(format!("{image} has a label that names none of the {count} classes")));
            }
            if row.probabilities.len() != count || row.probabilities.iter().any(|p| !(0.0..=1.0).contains(p)) {
                let found = &row.probabilities;
                return Err(Error::Invalid(format!(
                    "the probabilities of {image} are {found:?}: there must be one for each of {count} classes, 0 to 1"
                )));
            }
        }
        rows.sort_by(|a, b| (a.repeat, &a.image).cmp(&(b.repeat, &b.image)));
        let repeats = rows.last().map_or(0, |row| row.repeat + 1);
        let images = rows.len().checked_div(repeats).unwrap_or(0);
        if images == 0 {
            return Err(Error::Invalid("there are no predictions".into()));
        }
        for (place, row) in rows.iter().enumerate() {
            let first = &rows[place % images];
            if row.repeat != place / images || row.image != first.image || row.truth != first.truth {
                return Err(Error::Invalid(format!(
                    "{} in repeat {}: every photo must be there once in every repeat, always with the same class",
                    row.image, row.repeat
                )));
            }
            if place > 0 && rows[place - 1].image == row.image && rows[place - 1].repeat == row.repeat {
                return Err(Error::Invalid(format!("{} is twice in repeat {}", row.image, row.repeat)));
            }
        }
        Ok(OutOfFoldPredictions { classes: classes.to_vec(), rows })
    }

    /// Reads a file that [`OutOfFoldPredictions::save`] has written.
    ///
    /// # Errors
    /// A file that cannot be read, lacks a column, or holds what [`OutOfFoldPredictions::new`] would not take: with its name.
    pub fn open(path: impl AsRef<Path>) -> Result<OutOfFoldPredictions> {
        let path = path.as_ref();
        let file = std::fs::File::open(path).map_err(Error::io("cannot read", path))?;
        let wrong =
            |why: &dyn std::fmt::Display| Error::File(format!("{} holds no predictions: {why}", path.display()));
        // All as text, the line of names too: a class may be called 0001, True or say "hi", or as one of the columns.
        let options = CsvReadOptions::default().with_has_header(false).with_infer_schema_length(Some(0));
        let frame = options.into_reader_with_file_handle(file).finish().map_err(|error| wrong(&error))?;
        let column = |place: usize| -> Result<Vec<String>> {
            let cells = frame.columns()[place].str().map_err(|error| wrong(&error))?;
            Ok(cells.iter().map(|cell| cell.unwrap_or_default().to_string()).collect())
        };
        let columns: Vec<Vec<String>> = (0..frame.width()).map(column).collect::<Result<_>>()?;
        let names: Vec<&str> = columns.iter().map(|column| column.first().map_or("", String::as_str)).collect();
        if !names.starts_with(&FIRST) {
            let (first, wanted) = (names[..names.len().min(FIRST.len())].join(", "), FIRST.join(", "));
            return Err(wrong(&format!("its columns begin with {first}, not with {wanted}")));
        }
        let numbers = |place: usize| -> Result<Vec<f64>> {
            let cells = columns[place][1..].iter().enumerate();
            let number = |(line, cell): (usize, &String)| {
                cell.parse::<f64>().map_err(|_| wrong(&format!("{} has no number in line {}", names[place], line + 2)))
            };
            cells.map(number).collect()
        };
        let text = |place: usize| &columns[place][1..];
        let classes: Vec<String> = names[FIRST.len()..].iter().map(ToString::to_string).collect();
        let label = |name: &String| {
            let found = classes.iter().position(|class| class == name);
            found.ok_or_else(|| wrong(&format!("{name} is no class")))
        };
        let (images, truth, predicted) = (text(0), text(3), text(4));
        let (repeats, folds) = (numbers(1)?, numbers(2)?);
        let probabilities: Vec<Vec<f64>> = (FIRST.len()..names.len()).map(numbers).collect::<Result<_>>()?;
        let row = |i: usize| {
            Ok(OutOfFoldRow {
                image: images[i].clone(),
                repeat: repeats[i] as usize,
                fold: folds[i] as usize,
                truth: label(&truth[i])?,
                predicted: label(&predicted[i])?,
                probabilities: probabilities.iter().map(|column| column[i]).collect(),
            })
        };
        let rows = (0..images.len()).map(row).collect::<Result<_>>()?;
        OutOfFoldPredictions::new(&classes, rows).map_err(|error| wrong(&error))
    }

    /// Writes them as CSV. The file is replaced whole.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let rows = &self.rows;
        let text = |name: &str, value: &dyn Fn(&OutOfFoldRow) -> String| {
            Column::from(Series::new(name.into(), rows.iter().map(value).collect::<Vec<String>>()))
        };
        let count = |name: &str, value: &dyn Fn(&OutOfFoldRow) -> usize| {
            Column::from(Series::new(name.into(), rows.iter().map(|row| value(row) as u64).collect::<Vec<u64>>()))
        };
        let mut columns = vec![
            text(FIRST[0], &|row| row.image.clone()),
            count(FIRST[1], &|row| row.repeat),
            count(FIRST[2], &|row| row.fold),
            text(FIRST[3], &|row| self.classes[row.truth].clone()),
            text(FIRST[4], &|row| self.classes[row.predicted].clone()),
        ];
        for class in 0..self.classes.len() {
            let values: Vec<f64> = rows.iter().map(|row| row.probabilities[class]).collect();
            columns.push(Column::from(Series::new(class.to_string().into(), values)));
        }
        let wrong = |error: &dyn std::fmt::Display| Error::output(path.to_string_lossy(), error);
        let mut frame = DataFrame::new_infer_height(columns).map_err(|error| wrong(&error))?;
        files::replace(path, &mut |path| {
            let mut file = std::fs::File::create(path).map_err(Error::io("cannot write", path))?;
            // The names by ourselves: a frame has no two columns of one name, and a class may be called `image`.
            let names = FIRST.into_iter().chain(self.classes.iter().map(String::as_str)).map(quoted);
            writeln!(file, "{}", names.collect::<Vec<_>>().join(",")).map_err(Error::io("cannot write", path))?;
            CsvWriter::new(&mut file).include_header(false).finish(&mut frame).map_err(|error| wrong(&error))
        })
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// All of them: repeat by repeat, the photos sorted by name.
    pub fn rows(&self) -> &[OutOfFoldRow] {
        &self.rows
    }

    /// Number of photos.
    pub fn images(&self) -> usize {
        self.rows.len() / self.repeats()
    }

    /// Number of repeats.
    pub fn repeats(&self) -> usize {
        self.rows[self.rows.len() - 1].repeat + 1
    }

    /// The confusion matrix of one repeat. Panics where there is no such repeat.
    ///
    /// # Errors
    /// None that [`OutOfFoldPredictions::new`] lets through.
    pub fn confusion_matrix(&self, repeat: usize) -> Result<ConfusionMatrix> {
        let rows = &self.rows[repeat * self.images()..(repeat + 1) * self.images()];
        let labels = |label: fn(&OutOfFoldRow) -> usize| rows.iter().map(label).collect::<Vec<usize>>();
        ConfusionMatrix::new(&labels(|row| row.truth), &labels(|row| row.predicted), &self.classes)
    }

    /// All scores.
    ///
    /// # Errors
    /// As [`OutOfFoldPredictions::confusion_matrix`].
    pub fn scores(&self) -> Result<CrossValidationScores> {
        let (images, repeats) = (self.images(), self.repeats());
        let matrices: Vec<ConfusionMatrix> =
            (0..repeats).map(|repeat| self.confusion_matrix(repeat)).collect::<Result<_>>()?;
        let reports: Vec<_> = matrices.iter().map(super::ClassificationReport::of).collect();
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / repeats as f64;
        let of_repeats: Vec<f64> = reports.iter().map(|report| report.accuracy).collect();
        let accuracy = mean(&mut of_repeats.iter().copied());
        let largest = (0..self.classes.len()).map(|class| matrices[0].support(class)).max().unwrap_or(0);
        Ok(CrossValidationScores {
            images,
            repeats,
            accuracy,
            interval: Interval::of_fraction(accuracy.min(1.0), images)?,
            majority: largest as f64 / images as f64,
            macro_f1: mean(&mut reports.iter().map(|report| report.macro_average.f1)),
            recall: (0..self.classes.len())
                .map(|class| mean(&mut reports.iter().map(|report| report.classes[class].scores.recall)))
                .collect(),
            of_repeats,
            calibration_error: self.calibration_error(),
        })
    }

    /// Mean over all predictions of the distance between confidence and accuracy of their bin.
    fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0, 0.0); BINS];
        for row in &self.rows {
            let confidence = row.probabilities[row.predicted];
            // A bin has its upper end, as in the paper.
            let bin = ((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
            bins[bin].0 += confidence;
            bins[bin].1 += f64::from(u8::from(row.predicted == row.truth));
        }
        bins.iter().map(|(confidence, right)| (confidence - right).abs()).sum::<f64>() / self.rows.len() as f64
    }
}

/// `1 repeat`, `5 repeats`.
pub(crate) fn repeats(count: usize) -> String {
    format!("{count} repeat{}", if count == 1 { "" } else { "s" })
}

/// `68.2 % (95 % interval 63.8 % to 72.3 %; 455 photos, 5 repeats; the majority class has 22.4 %)`
impl std::fmt::Display for CrossValidationScores {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(
            f,
            "{:.1} % (95 % interval {}; {} photos, {}; the majority class has {:.1} %)",
            100.0 * self.accuracy,
            self.interval,
            self.images,
            repeats(self.repeats),
            100.0 * self.majority
        )
    }
}
