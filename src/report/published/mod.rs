//! What the report and the works it cites publish, as data, each with its place in the report.
//!
//! Numbers are as printed: rounded, and without an interval. How many photos were right follows from a report's recalls
//! and supports where it is not printed.

mod log;
mod parameters;
mod reports;

pub use log::{LoggedEpoch, pytorch_log};
pub use parameters::{ParameterTotals, parameter_totals};
pub use reports::classification_report;

/// The accuracy of one method, as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// What was used.
    pub method: &'static str,
    /// Who published it: the report, or one of its cited works by number.
    pub by: &'static str,
    /// Where it stands in the report.
    pub place: &'static str,
    /// The accuracy as printed, 0 to 1; none where the report has no number.
    pub accuracy: Option<f64>,
    /// How many test photos were right, and of how many; none where the report does not let us know.
    pub correct_of: Option<(usize, usize)>,
    /// How many of these photos always answering with the majority class would have right, where it is known.
    pub majority: Option<usize>,
    /// The recipe that comes closest to it here; none for what is no network.
    pub recipe: Option<&'static str>,
}

/// The works that the report cites as existing (section 1.1): its references 1 to 5, of which 4 and 5 are one network.
///
/// Of cited work 3 the report shows heat maps only (figure 24). Figure 3 shows curves of "the model" without saying of
/// which, and stands between DenseNet-201 and the DCNN; we take it for the DCNN's. For all together it names 30 to 40 %.
pub fn cited_works() -> Vec<Published> {
    let cited = |method, by, place, recipe| Published {
        method,
        by,
        place,
        accuracy: None,
        correct_of: None,
        majority: None,
        recipe: Some(recipe),
    };
    vec![
        Published {
            accuracy: Some(0.42),
            correct_of: Some((63, 150)),
            ..cited("ResNet-50 in PyTorch", "cited work 1", "figure 1", "cited-1")
        },
        Published {
            accuracy: Some(0.32),
            correct_of: Some((18, 56)),
            ..cited("DenseNet-201", "cited work 2", "figure 2", "densenet201")
        },
        cited("Transfer learning", "cited work 3", "figure 24 (no accuracy)", "cited-3"),
        cited("DCNN", "cited works 4 and 5", "figure 3 (curves only)", "dcnn"),
    ]
}

/// The report's three networks (section 3.2) in its order. Its ResNet-50 is Keras's `ResNet50V2`, by its reference 7.
pub fn networks() -> Vec<Published> {
    let network = |method, place, accuracy, correct, recipe| Published {
        method,
        by: "the report",
        place,
        accuracy: Some(accuracy),
        correct_of: Some((correct, 92)),
        majority: Some(18),
        recipe: Some(recipe),
    };
    vec![
        network("ResNet-50", "figure 14", 0.51, 47, "resnet50v2"),
        network("VGG-16", "figure 15", 0.28, 26, "vgg16"),
        network("GoogLeNet", "figure 16", 0.20, 18, "googlenet"),
    ]
}

/// How many neighbours voted at the report's best accuracy of k-nearest neighbours (section 3.4).
pub const NEIGHBOURS: usize = 19;

/// The report's k-nearest neighbours (section 3.4, figure 20). It does not say on how many photos.
pub fn neighbours() -> Published {
    Published {
        method: "k-NN",
        by: "the report",
        place: "section 3.4, figure 20",
        accuracy: Some(0.76),
        correct_of: None,
        majority: None,
        recipe: None,
    }
}

/// All of them: [`networks`], [`neighbours`], [`cited_works`].
///
/// ```
/// use manga_expressions::report::published;
///
/// let best = published::all().into_iter().max_by(|a, b| a.accuracy.unwrap_or(0.0).total_cmp(&b.accuracy.unwrap_or(0.0)));
/// assert_eq!(best.unwrap().method, "k-NN");
/// ```
pub fn all() -> Vec<Published> {
    networks().into_iter().chain([neighbours()]).chain(cited_works()).collect()
}
