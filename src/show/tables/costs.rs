//! What networks cost, as tables.

use super::Table;
use crate::Result;
use crate::lessons::Lessons;
use crate::study::experiment::TrainedRun;
use crate::training::Cost;

impl Table {
    /// What training took, a row for each network: epochs, seconds on the clock and processor seconds, and how busy the
    /// processor was, where 100 % is one core.
    pub fn training_times(lessons: &Lessons) -> Result<Table> {
        let number = |value: &dyn Fn(&TrainedRun) -> f64| lessons.all().iter().map(value).collect::<Vec<_>>();
        let epochs: Vec<usize> = lessons.all().iter().map(|lesson| lesson.history.epochs.len()).collect();
        let per_epoch = |lesson: &TrainedRun| lesson.cpu_seconds() / lesson.history.epochs.len().max(1) as f64;
        Table::new("What training took")
            .with_text("network", &lessons.names())?
            .with_integers("epochs", &epochs)?
            .with_numbers("seconds", &number(&TrainedRun::seconds), 1)?
            .with_numbers("CPU seconds", &number(&TrainedRun::cpu_seconds), 1)?
            .with_numbers("CPU seconds an epoch", &number(&per_epoch), 2)?
            .with_numbers("CPU use, %", &number(&|lesson| 100.0 * lesson.cpu_use()), 0)
    }

    /// What a step costs, a row for each network; photos a second are of the clock and of processor time.
    pub fn costs(costs: &[Cost]) -> Result<Table> {
        let number = |value: &dyn Fn(&Cost) -> f64| costs.iter().map(value).collect::<Vec<_>>();
        let names: Vec<String> = costs.iter().map(Cost::name).collect();
        let memory: Vec<Option<f64>> = costs.iter().map(|cost| cost.peak_memory_mib).collect();
        let table = Table::new("What a step costs")
            .with_text("network", &names)?
            .with_numbers("GFLOP a photo", &number(&|cost| cost.gflop_per_image), 2)?
            .with_numbers("photos/s", &number(&|cost| cost.images_per_second), 1)?
            .with_numbers("photos/CPU s", &number(&|cost| cost.images_per_cpu_second), 1)?
            .with_numbers("CPU use, %", &number(&|cost| 100.0 * cost.cpu_use()), 0)?
            .with_numbers("GFLOP/s", &number(&|cost| cost.gflops_per_second), 1)?
            .with_numbers("fraction of peak, %", &number(&|cost| 100.0 * cost.peak_fraction), 0)?
            .with_optional_numbers("peak memory, MiB", &memory, 0)?;
        Ok(match costs.first() {
            Some(Cost { batch, threads, .. }) => {
                table.with_note(&format!("Steps of {batch} photos, on {threads} thread(s); a process for each row."))
            }
            None => table,
        })
    }
}
