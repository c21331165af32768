//! Exercises of notebook 7, how good it is.

use super::Verdict;
use super::existing_work::first_where;
use crate::metrics::McNemar;
use crate::report::published;
use crate::study::experiment::TrainedRun;
use crate::{Error, Result};

/// Easy: the precision (0 to 1) that a network has for "shock" if it answers "shock" to each of the report's 92 test photos.
///
/// # Errors
/// None in practice: figure 16 is there.
pub fn precision_of_always_shock(answer: f64) -> Result<Verdict> {
    let report = published::classification_report(16)?;
    let shock = report.classes.iter().find(|class| class.name == "shock");
    let support = shock.map_or(0, |class| class.scores.support) as f64;
    let photos = report.macro_average.support as f64;
    let precision = support / photos;
    let mistakes = [
        (1.0, "That is its recall: every shocked face is found. Precision asks how many of those called shock are."),
        (1.0 / 7.0, "Classes are not of the same size here: count the photos."),
        (100.0 * precision, "That is in percent; give the fraction, from 0 to 1."),
        (2.0 * precision / (1.0 + precision), "That is F1."),
    ];
    let why = "18 of the 92 are shocked. It is also the accuracy: 20 %, which is the report's GoogLeNet to the digit.";
    Ok(Verdict::number(answer, precision, 0.005, why, &mistakes))
}

/// Middle: how many test photos the network of `lesson` called "shock" although they are something else.
///
/// # Errors
/// A lesson without a class "shock".
pub fn falsely_shocked(lesson: &TrainedRun, answer: f64) -> Result<Verdict> {
    let matrix = &lesson.evaluation.confusion_matrix;
    let shock = matrix.classes().iter().position(|class| class == "shock").ok_or_else(|| {
        Error::Invalid(format!("{} knows no class \"shock\"; it has {}", lesson.name, matrix.classes().join(", ")))
    })?;
    let (called, right, support) = (matrix.predictions(shock), matrix.count(shock, shock), matrix.support(shock));
    let mistakes = [
        (called as f64, "So many it called shock, rightly or wrongly: leave out the diagonal."),
        ((support - right) as f64, "Those are shocked faces that it missed: that is the row. Add up the column."),
        (right as f64, "Those were right: that is the diagonal."),
    ];
    let why =
        "The column of \"shock\" without its diagonal. Divide by the whole column, and 1 less that is the precision.";
    Ok(Verdict::number(answer, (called - right) as f64, 0.001, why, &mistakes))
}

/// Harder: two networks answer for the same photos. The first is right on 10 photos on which the second is wrong. On how
/// many photos, at most, may the second be right where the first is wrong, so that the first is decided to be better
/// ([`McNemar::is_decided`])?
///
/// # Errors
/// As the search for the answer: none in practice.
pub fn photos_the_other_may_win(answer: f64) -> Result<Verdict> {
    const WON: usize = 10;
    let undecided = first_where(&|other| Ok(!McNemar::exact(WON, other).is_decided()))?;
    let most = undecided - 1;
    if answer.fract() == 0.0 && (0.0..WON as f64).contains(&answer) && answer != most as f64 {
        let test = McNemar::exact(WON, answer as usize);
        let hint = if test.is_decided() { "one more may do" } else { "that is too many" };
        return Ok(Verdict::not_yet(&format!("With {answer}: {test}; {hint}.")));
    }
    let why = "Only photos on which exactly one of them is right tell which is better; how many both got right plays no part.";
    Ok(Verdict::number(answer, most as f64, 0.001, why, &[]))
}
