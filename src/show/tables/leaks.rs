//! False figures beside honest ones.

use super::Table;
use crate::Result;
use crate::lessons::Leak;

impl Table {
    /// A row for each leak: the false accuracy and the honest one, each with its 95 % interval, the difference, and whether
    /// an accuracy that was `published` lies within the interval of the false one. Fractions from 0 to 1.
    ///
    /// # Errors
    /// None that could happen here; those of [`Table::with_text`].
    pub fn leaks(all: &[Leak], published: f64) -> Result<Table> {
        let number = |value: fn(&Leak) -> f64| all.iter().map(value).collect::<Vec<_>>();
        let reaches = |leak: &Leak| if leak.reaches(published) { "yes" } else { "no" }.to_string();
        Table::new("False figures beside honest ones")
            .with_text("mistake", &all.iter().map(|leak| leak.name.clone()).collect::<Vec<_>>())?
            .with_numbers("false", &number(|leak| leak.shown), 3)?
            .with_numbers("false low", &number(|leak| leak.shown_interval.low), 3)?
            .with_numbers("false high", &number(|leak| leak.shown_interval.high), 3)?
            .with_numbers("honest", &number(|leak| leak.honest), 3)?
            .with_numbers("low", &number(|leak| leak.honest_interval.low), 3)?
            .with_numbers("high", &number(|leak| leak.honest_interval.high), 3)?
            .with_numbers("too much", &number(Leak::optimism), 3)?
            .with_text(&format!("{:.0} % within", 100.0 * published), &all.iter().map(reaches).collect::<Vec<_>>())
    }

    /// What the library's check says of each leak.
    ///
    /// # Errors
    /// As [`Table::leaks`].
    pub fn caught(all: &[Leak]) -> Result<Table> {
        Table::new("What the checks say")
            .with_text("mistake", &all.iter().map(|leak| leak.name.clone()).collect::<Vec<_>>())?
            .with_text("the check", &all.iter().map(|leak| leak.caught.clone()).collect::<Vec<_>>())
    }
}
