//! What others say is in the data set.

/// How many photos of one expression there are said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedCount {
    /// The class, as the folders of the download are called.
    pub class: &'static str,
    /// The report's number (section 2.1.1).
    pub report: usize,
    /// The number in the text on Kaggle's page.
    pub kaggle: usize,
}

/// The numbers of photos that the report and the text on Kaggle's page give, in the report's order. They add up to 463
/// and 462; the download has 455 files.
pub const PUBLISHED_COUNTS: [PublishedCount; 7] = [
    PublishedCount { class: "sad", report: 57, kaggle: 57 },
    PublishedCount { class: "pleased", report: 38, kaggle: 38 },
    PublishedCount { class: "shock", report: 103, kaggle: 103 },
    PublishedCount { class: "angry", report: 55, kaggle: 54 },
    PublishedCount { class: "crying", report: 56, kaggle: 56 },
    PublishedCount { class: "happy", report: 87, kaggle: 87 },
    PublishedCount { class: "embarrassed", report: 67, kaggle: 67 },
];
