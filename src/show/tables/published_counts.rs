//! The data set beside what others say is in it.

use super::Table;
use crate::Result;
use crate::data::{Dataset, PUBLISHED_COUNTS, PublishedCount};

impl Table {
    /// Photos of each class: what the report says, what the text on Kaggle says, and what there is here. Classes that
    /// neither names have empty cells.
    pub fn published_counts(dataset: &Dataset) -> Result<Table> {
        let published = |value: fn(&PublishedCount) -> usize| -> Vec<Option<f64>> {
            let of = |class: &String| PUBLISHED_COUNTS.iter().find(|count| count.class == class);
            let each = dataset.classes().iter().map(|class| of(class).map(|count| value(count) as f64));
            each.chain([Some(PUBLISHED_COUNTS.iter().map(value).sum::<usize>() as f64)]).collect()
        };
        let counts = dataset.counts();
        let names = dataset.classes().iter().cloned().chain(["total".to_string()]).collect::<Vec<_>>();
        Table::new("How many photos there are said to be, and are")
            .with_text("class", &names)?
            .with_optional_numbers("report", &published(|count| count.report), 0)?
            .with_optional_numbers("Kaggle's text", &published(|count| count.kaggle), 0)?
            .with_integers("here", &[counts, vec![dataset.len()]].concat())
    }
}
