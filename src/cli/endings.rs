//! Trainings that are followed to their last epoch.

use clap::Args;
use manga_expressions::data::Source;
use manga_expressions::show::plots;
use manga_expressions::show::tables::Table;
use manga_expressions::study::experiment::{Experiment, FollowedTraining, endings};
use manga_expressions::study::methods::name_of;
use manga_expressions::training::Progress;
use manga_expressions::{COMPUTE_VERSION, Error, Result};

/// Train a recipe for all its epochs, and show what each way of ending the training would have given.
///
/// After each epoch the network is evaluated on the validation and the test photos, with running statistics of each
/// momentum, and after epochs at which a training may end also with statistics measured again. From this come the
/// accuracies of Keras's default early stopping, of the best epoch and of the last one, and what choosing the epoch on
/// the test photos would show. What is finished is not trained again. Without a recipe only the tables and the figure are
/// written: endings.csv, endings.md and endings.svg, of all trainings in the folder.
#[derive(Args)]
pub struct Endings {
    /// A recipe's name (see `manga recipes`), or the file of your own
    recipe: Option<String>,
    /// Folder of the photos, with a folder for each class; without, see `manga data --help`
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Seeds of the split, the first weights and the order
    #[arg(long, value_delimiter = ',', default_value = "1")]
    seed: Vec<u64>,
    /// Momenta of running statistics; one where the learning rate follows the validation
    #[arg(long, value_delimiter = ',', default_values_t = [0.99, 0.9])]
    momentum: Vec<f64>,
    /// Threads to use; all cores where none is given. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Folder of the results
    #[arg(long, value_name = "DIR", default_value = "results/endings")]
    out: String,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl Endings {
    pub fn run(self) -> Result<()> {
        if let Some(recipe) = &self.recipe {
            for &seed in &self.seed {
                self.follow(recipe, seed)?;
            }
        }
        let trainings = FollowedTraining::all_in(&self.out)?;
        let rows = endings(&trainings)?;
        let table = Table::endings(&rows)?;
        table.save_csv(format!("{}/endings.csv", self.out))?;
        let markdown = format!("{}/endings.md", self.out);
        table.save_markdown(&markdown)?;
        if !trainings.is_empty() {
            plots::endings(&trainings)?.save(format!("{}/endings.svg", self.out))?;
        }
        super::print(self.json, &rows, || table.to_string())
    }

    fn follow(&self, recipe: &str, seed: u64) -> Result<()> {
        let name = name_of(recipe);
        let mut experiment = Experiment::recipe(recipe, seed)?;
        let source = Source::find(self.data.as_deref());
        super::dataset::say_if_drawn(&source);
        if let Some(found) = FollowedTraining::open(&self.out, &name, seed)? {
            let about = found.about;
            let same = about.settings == experiment.without_source()? && about.compute_version == COMPUTE_VERSION;
            return match same {
                true => Ok(()),
                false => Err(Error::Invalid(format!(
                    "{}/{name}-seed{seed} was followed with other settings, or by another version: choose another folder, or \
                     remove it",
                    self.out
                ))),
            };
        }
        experiment.training.threads = self.threads;
        let dataset = super::dataset::load(&source)?;
        eprintln!("Following {name}, seed {seed}, on {source}");
        let mut progress = Progress::terminal();
        let mut followed = experiment.follow(&name, &dataset, &self.momentum, &mut |event| progress.observe(event))?;
        if recipe != name {
            followed.about.command = followed.about.command.replacen(&name, recipe, 1);
        }
        followed.save(&self.out)
    }
}
