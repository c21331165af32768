//! The leaderboard as tables: whole, and for people.

use super::Table;
use super::pairs::READING;
use crate::Result;
use crate::metrics::{Paired, repeats};
use crate::study::results::{Leaderboard, LeaderboardRow};

impl Table {
    /// A row for each method, from the best on. Shares are from 0 to 1; `low` and `high` are the ends of the 95 % interval,
    /// by photo; `difference`, the ends of its interval, `p_by_photo` and `p_by_fold` are those against the next row, or
    /// against the board's base ([`Paired`]).
    ///
    /// # Errors
    /// Two classes of one name.
    pub fn leaderboard(board: &Leaderboard) -> Result<Table> {
        let rows = &board.rows;
        let number = |value: &dyn Fn(&LeaderboardRow) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
        let mut table = Table::new("Cross-validation, from the best method on")
            .with_text("method", &names(board))?
            .with_numbers("accuracy", &number(&|row| row.scores.accuracy), 3)?
            .with_numbers("low", &number(&|row| row.scores.interval.low), 3)?
            .with_numbers("high", &number(&|row| row.scores.interval.high), 3)?
            .with_numbers("majority", &number(&|row| row.scores.majority), 3)?
            .with_numbers("macro_f1", &number(&|row| row.scores.macro_f1), 3)?;
        for (place, class) in board.classes.iter().enumerate() {
            table = table.with_numbers(&format!("recall_{class}"), &number(&|row| row.scores.recall[place]), 3)?;
        }
        table
            .with_numbers("calibration_error", &number(&|row| row.scores.calibration_error), 3)?
            .with_optional_numbers("cpu_minutes", &rows.iter().map(|row| row.cpu_minutes).collect::<Vec<_>>(), 2)?
            .with_optional_integers("parameters", &rows.iter().map(|row| row.parameters).collect::<Vec<_>>())?
            .with_optional_integers("trainable", &rows.iter().map(|row| row.trainable).collect::<Vec<_>>())?
            .with_paired_tests(&against(board))?
            .with_compute_versions(&versions(board))
    }

    /// The same for people: percent, fewer columns.
    ///
    /// # Errors
    /// None that could happen here.
    pub fn leaderboard_in_short(board: &Leaderboard) -> Result<Table> {
        let rows = &board.rows;
        let interval = |row: &LeaderboardRow| {
            let interval = row.scores.interval;
            format!("{:.1} to {:.1}", 100.0 * interval.low, 100.0 * interval.high)
        };
        let number = |value: fn(&LeaderboardRow) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
        let minutes: Vec<Option<f64>> = rows.iter().map(|row| row.cpu_minutes).collect();
        let millions = |count: Option<usize>| count.map(|count| count as f64 / 1e6);
        let parameters: Vec<Option<f64>> = rows.iter().map(|row| millions(row.parameters)).collect();
        let table = Table::new("Cross-validation, from the best method on")
            .with_text("method", &names(board))?
            .with_numbers("accuracy, %", &number(|row| 100.0 * row.scores.accuracy), 1)?
            .with_text("95 % interval", &rows.iter().map(interval).collect::<Vec<_>>())?
            .with_numbers("macro F1", &number(|row| row.scores.macro_f1), 2)?
            .with_numbers("calibration error", &number(|row| row.scores.calibration_error), 2)?
            .with_optional_numbers("CPU minutes", &minutes, 1)?
            .with_optional_numbers("million parameters", &parameters, 2)?
            .with_paired_tests_in_short(&against(board))?;
        let first = &rows[0].scores;
        let other = board.base.as_deref().unwrap_or("the next row");
        let table = table.with_note(&format!(
            "{} photos, {}; always answering with the majority class has {:.1} %. Differences, in points, are those from {other}. \
             {READING}",
            first.images,
            repeats(first.repeats),
            100.0 * first.majority
        ));
        table.with_compute_versions(&versions(board))
    }
}

fn names(board: &Leaderboard) -> Vec<String> {
    board.rows.iter().map(|row| row.method.clone()).collect()
}

/// The compute version of each row, where somebody wrote it down.
fn versions(board: &Leaderboard) -> Vec<Option<String>> {
    board.rows.iter().map(|row| row.compute_version.clone()).collect()
}

fn against(board: &Leaderboard) -> Vec<Option<Paired>> {
    board.rows.iter().map(|row| row.against).collect()
}
