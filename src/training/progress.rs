//! How far a training is: a bar in a terminal, lines elsewhere.

use super::event::Event;
use super::history::Epoch;
use crate::COMPUTE_VERSION;
use crate::base::progress::{in_a_notebook, say};
use crate::base::project;
use crate::data::Dataset;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

/// Shows the [`Event`]s of a training. A notebook shows whole lines at once and cannot rewrite one, so there it is
/// [`Progress::lines`]; in a terminal a bar moves too.
///
/// ```
/// use manga_expressions::training::Progress;
///
/// let mut progress = Progress::lines();
/// let mut observer = |event: &_| progress.observe(event); // for `fit`
/// ```
#[derive(Debug)]
pub struct Progress {
    output: Output,
    epochs: usize,
    batches: usize,
    done: usize,
}

#[derive(Debug)]
enum Output {
    Quiet,
    Stdout,
    Stderr,
    Bar(ProgressBar),
}

impl Progress {
    /// A line an epoch on standard output.
    pub fn lines() -> Self {
        Progress::to(Output::Stdout)
    }

    /// The same on standard error.
    pub fn lines_on_stderr() -> Self {
        Progress::to(Output::Stderr)
    }

    /// Where lines are in nobody's way: on standard error, as standard output is for results; but in a notebook, whose
    /// standard error is for what failed, on standard output.
    pub fn lines_beside_results() -> Self {
        if in_a_notebook() { Progress::lines() } else { Progress::lines_on_stderr() }
    }

    /// A bar over all epochs and a line an epoch, on standard error; only the lines where that is no terminal.
    pub fn terminal() -> Self {
        if !std::io::stderr().is_terminal() {
            return Progress::lines_on_stderr();
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {msg}  {eta} left") {
            bar.set_style(style);
        }
        Progress::to(Output::Bar(bar))
    }

    /// Nothing.
    pub fn quiet() -> Self {
        Progress::to(Output::Quiet)
    }

    fn to(output: Output) -> Self {
        Progress { output, epochs: 0, batches: 0, done: 0 }
    }

    /// Shows `event`.
    pub fn observe(&mut self, event: &Event) {
        match *event {
            Event::Started { epochs, batches, done, .. } => {
                (self.epochs, self.batches, self.done) = (epochs, batches, done);
                self.bar_over_epochs();
            }
            Event::Features { done, images, .. } => {
                if let Output::Bar(bar) = &self.output {
                    bar.set_length(images as u64);
                    bar.set_position(done as u64);
                    bar.set_prefix(format!("frozen stages  image {done}/{images}"));
                }
                if done == images {
                    self.bar_over_epochs();
                }
            }
            Event::Batch { epoch, batch, loss, accuracy } => {
                if let Output::Bar(bar) = &self.output {
                    bar.set_position(((epoch - 1) * self.batches + batch) as u64);
                    bar.set_prefix(format!("epoch {epoch}/{}  batch {batch}/{}", self.epochs, self.batches));
                    bar.set_message(scores("", loss, accuracy));
                }
            }
            Event::Rate { step, steps, learning_rate, loss } => {
                if let Output::Bar(bar) = &self.output {
                    bar.set_length(steps as u64);
                    bar.set_position(step as u64);
                    bar.set_prefix(format!("learning rate {learning_rate:.1e}"));
                    bar.set_message(format!("loss {loss:.3}"));
                }
            }
            Event::Finished { .. } => {
                if let Output::Bar(bar) = &self.output {
                    bar.finish_and_clear();
                }
            }
            Event::LeftOut { .. }
            | Event::Waiting { .. }
            | Event::Outdated { .. }
            | Event::Epoch { .. }
            | Event::AlreadyFinished { .. } => {}
        }
        self.print(&self.text(event));
    }

    /// Says how many files of a folder of photos are not used, if there are any.
    pub fn tell_left_out(&mut self, dataset: &Dataset) {
        let unused = dataset.unused().len();
        if unused > 0 {
            self.observe(&Event::LeftOut { unused, files: dataset.len() + unused });
        }
    }

    /// Sets the bar to where all epochs begin.
    fn bar_over_epochs(&self) {
        if let Output::Bar(bar) = &self.output {
            bar.set_length((self.epochs * self.batches) as u64);
            bar.set_position((self.done * self.batches) as u64);
            bar.reset_eta();
            bar.enable_steady_tick(Duration::from_secs(1));
        }
    }

    /// Shows a line of text.
    pub(crate) fn print(&self, text: &str) {
        match &self.output {
            _ if text.is_empty() => {}
            Output::Quiet => {}
            Output::Stdout => say(text),
            Output::Stderr => eprintln!("{text}"),
            Output::Bar(bar) => bar.suspend(|| eprintln!("{text}")),
        }
    }

    /// The lines for `event`.
    fn text(&self, event: &Event) -> String {
        match *event {
            Event::Started { network, train, validation, epochs, batches, done, note } => {
                let what = format!("{network}: {train} training images, {validation} for validation");
                let note = note.map(|note| format!("\n{note}")).unwrap_or_default();
                let from = if done > 0 { format!(", going on after epoch {done}") } else { String::new() };
                format!("{what}; {epochs} epochs of {batches} batches{from}{note}")
            }
            Event::LeftOut { unused, files } => left_out(unused, files),
            Event::Waiting { folder } => {
                format!("Another program trains in {}; this one waits for it.", shown(folder))
            }
            Event::Outdated { version, folder } => format!(
                "{} holds this training by compute version {version}; this library is of {COMPUTE_VERSION} and computes other \
                 numbers, so it is trained again.",
                shown(folder)
            ),
            Event::Features { through, done: 0, images } => {
                format!(
                    "The stages up to {through} are frozen: the {images} images pass through them once, before the first epoch"
                )
            }
            Event::Features { .. } | Event::Batch { .. } => String::new(),
            // Ten lines are enough to see that it goes on.
            Event::Rate { step, steps, learning_rate, loss } if step * 10 / steps > (step - 1) * 10 / steps => {
                format!("step {step:>3}/{steps}  learning rate {learning_rate:.1e}  loss {loss:.3}")
            }
            Event::Rate { .. } => String::new(),
            Event::Epoch { epoch, kept } => line(epoch, self.epochs, kept && epoch.validation_loss.is_some()),
            Event::Finished { history } => history.conclusion(),
            Event::AlreadyFinished { history, folder: None } => {
                format!("This run is finished. {}", history.conclusion())
            }
            Event::AlreadyFinished { history, folder: Some(folder) } => format!(
                "{} holds a finished run of the same settings and photos. {}",
                shown(folder),
                history.conclusion()
            ),
        }
    }
}

impl Drop for Progress {
    /// Clears the bar of a training that ended in an error.
    fn drop(&mut self) {
        if let Output::Bar(bar) = &self.output {
            bar.finish_and_clear();
        }
    }
}

/// What is said where files in a folder of photos are not used.
fn left_out(unused: usize, files: usize) -> String {
    let are = if unused == 1 { "is" } else { "are" };
    format!("{unused} of {files} files {are} not used; `manga data` lists them, each with the reason.")
}

/// An epoch as a line whose columns stand below each other.
fn line(epoch: &Epoch, epochs: usize, best: bool) -> String {
    let width = epochs.to_string().len();
    let train = scores("train ", epoch.train_loss, epoch.train_accuracy);
    let validation = epoch.validation_loss.zip(epoch.validation_accuracy);
    let validation = validation.map(|(loss, accuracy)| format!("  {}", scores("validation ", loss, accuracy)));
    let best = if best { "  best" } else { "" };
    let validation = validation.unwrap_or_default();
    format!("epoch {:>width$}/{epochs}  {train}{validation}  {:>5.1} s{best}", epoch.epoch, epoch.seconds)
}

/// A folder as people look for it: from the project's on, where it lies there.
fn shown(folder: &Path) -> std::path::Display<'_> {
    folder.strip_prefix(project::folder()).unwrap_or(folder).display()
}

fn scores(of: &str, loss: f64, accuracy: f64) -> String {
    format!("{of}loss {loss:.3} accuracy {:>5.1} %", 100.0 * accuracy)
}
