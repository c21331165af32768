//! Mistakes of transfer learning side by side.

use super::Table;
use crate::Result;
use crate::lessons::Diagnosis;

impl Table {
    /// A row for each diagnosis: accuracy on the training photos while training and in inference, on the validation
    /// photos, and what they are once the running statistics are measured again; fractions from 0 to 1.
    pub fn diagnoses(diagnoses: &[Diagnosis]) -> Result<Table> {
        let names: Vec<String> = diagnoses.iter().map(|diagnosis| diagnosis.name.clone()).collect();
        let number = |value: fn(&Diagnosis) -> f64| diagnoses.iter().map(value).collect::<Vec<_>>();
        Table::new("The same weights, asked in different ways")
            .with_text("experiment", &names)?
            .with_numbers("training", &number(|d| d.training), 2)?
            .with_numbers("training, in inference", &number(|d| d.training_in_inference), 2)?
            .with_numbers("validation", &number(|d| d.validation), 2)?
            .with_numbers("training, measured again", &number(|d| d.training_measured), 2)?
            .with_numbers("validation, measured again", &number(|d| d.validation_measured), 2)?
            .with_numbers("test, measured again", &number(|d| d.test_measured), 2)
    }
}
