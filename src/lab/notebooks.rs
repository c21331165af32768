//! Running the notebooks without a browser.

use super::executed;
use super::pages;
use super::times::{self, CellTime};
use super::{Budget, Tools, kernel, panics, results};
use crate::base::files;
use crate::base::progress;
use crate::data::{DEFAULT_FOLDER, Source};
use crate::project;
use crate::{Error, Result};
use indicatif::MultiProgress;
use serde::Deserialize;
use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Runs one notebook.
const RUN_NOTEBOOK: &str = include_str!("run_notebook.py");

/// Notebooks at a time, where there are as many cores. Much of a notebook is a compiler at work on one core, and what it
/// trains goes faster on one core by itself than on two together.
const JOBS: usize = 2;

/// What [`reproduce`] is to do.
#[derive(Clone, Debug)]
pub struct Reproduce {
    /// The folder of photos, if one is named; see [`Source::find`].
    pub data: Option<String>,
    /// How long the notebooks may take.
    pub budget: Budget,
    /// The folder of notebooks, run in the order of their names.
    pub notebooks: PathBuf,
    /// The folder for the pages and the notebooks as they ran.
    pub output: PathBuf,
    /// How many notebooks run at a time.
    pub jobs: usize,
    /// A folder that also gets the tables and the curves of every notebook, but nothing that shows a face, as files.
    pub results: Option<PathBuf>,
    /// Whether the notebooks get the outputs of this run, where all came to their end. Not with photos, which must not be kept.
    pub keep_outputs: bool,
}

impl Default for Reproduce {
    /// The project's notebooks within a lesson's time, into `runs/notebooks`.
    fn default() -> Self {
        Reproduce {
            data: None,
            budget: Budget::Class,
            notebooks: project::notebooks(),
            output: project::runs().join("notebooks"),
            jobs: JOBS.min(cores()),
            results: None,
            keep_outputs: false,
        }
    }
}

/// The folder of photos that [`Source::find`] finds; `None` where faces are drawn. A folder that was named and does not
/// exist is an error at once, not in the first notebook.
pub(super) fn photos(named: Option<&str>) -> Result<Option<PathBuf>> {
    let Source::Folder(folder) = Source::find(named) else { return Ok(None) };
    if !Path::new(&folder).is_dir() {
        return Err(Error::Data(format!("there is no folder {folder}, in which the photos should be")));
    }
    std::path::absolute(&folder).map(Some).map_err(Error::io("cannot use", &folder))
}

/// Runs every notebook, writes it as an HTML page, and returns `index.html`, which leads through them like a paper. The
/// time of every cell is written beside it, as `cells.csv`; cells without the tag `trains` that took over two seconds are
/// named at the end.
///
/// A cell fails that does not compile, panics, returns an error, or writes to standard error; the first one ends the run
/// with an [`Error::Lab`] that names notebook, cell and message. The pages until there are written in any case, its own
/// included. A cell with Jupyter's tag `raises-exception` may fail.
///
/// A notebook runs in its own folder and finds what it is to do in the environment: `MANGA_DATA`, the folder of photos,
/// if there is one, and `MANGA_BUDGET` ([`Budget`]). Where several run at a time, each has its fraction of the cores, by
/// `RAYON_NUM_THREADS`; one that measures, and says so in its metadata (`"manga": {"alone": true}`), runs after the
/// others, by itself. No result depends on it.
pub fn reproduce(wanted: &Reproduce) -> Result<PathBuf> {
    let photos = photos(wanted.data.as_deref())?;
    if wanted.keep_outputs && photos.is_some() {
        return Err(Error::Invalid(
            "outputs are kept of drawn faces only, as figures of photos must not be: name no folder of photos, and take away the \
             one in the project"
                .into(),
        ));
    }
    match &photos {
        Some(folder) => eprintln!("The photos are those in {}.", folder.display()),
        None => eprintln!(
            "There are no photos, so the library draws faces itself. To use photos, name their folder with --data, in \
             MANGA_DATA, or put them into {DEFAULT_FOLDER}."
        ),
    }
    let names = list(&wanted.notebooks)?;
    let tools = Tools::set_up()?;
    fs::create_dir_all(&wanted.output).map_err(Error::io("cannot make", &wanted.output))?;
    let run = Run { wanted, tools: &tools, photos: photos.as_deref(), bars: MultiProgress::new(), count: names.len() };
    let numbered: Vec<(usize, &String)> = names.iter().enumerate().collect();
    let (alone, together): (Vec<_>, Vec<_>) = numbered.iter().partition(|(_, name)| run.wants_to_be_alone(name));
    let mut ran = run.several(&together, wanted.jobs)?;
    if ran.iter().all(|ran| ran.outcome.is_ok()) {
        ran.extend(run.several(&alone, 1)?);
    }
    ran.sort_by_key(|ran| ran.index);
    let all_times: Vec<CellTime> = ran.iter_mut().flat_map(|ran| std::mem::take(&mut ran.times)).collect();
    let (mut runs, mut outcome) = (Vec::new(), Ok(()));
    for Ran { index, seconds, outcome: ended, .. } in ran {
        let failure = ended.as_ref().err().map(|error| error.to_string());
        runs.push(pages::Run { name: names[index].clone(), seconds, failure });
        outcome = outcome.and(ended);
    }
    let index = pages::write(&tools, &wanted.output, &wanted.notebooks, &runs, wanted.budget, photos.is_some())?;
    times::write(&wanted.output.join("cells.csv"), &all_times)?;
    if let Some(sentence) = times::slow(&all_times) {
        eprintln!("{sentence}");
    }
    outcome?;
    if wanted.keep_outputs {
        for name in &names {
            let [from, to] = [&wanted.output, &wanted.notebooks].map(|folder| folder.join(format!("{name}.ipynb")));
            let text = fs::read_to_string(&from).map_err(Error::io("cannot read", &from))?;
            files::replace_text(&to, &text)?;
        }
    }
    Ok(index)
}

/// Cores of this machine.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get())
}

/// The names of the notebooks in a folder, without their ending, in order. Folders within it are left alone: solutions,
/// and Jupyter's own copies.
fn list(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("cannot read the notebooks in", folder))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending == "ipynb"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_string()))
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(Error::Lab(format!("there are no notebooks in {}", folder.display())));
    }
    Ok(names)
}

/// What the runs of all notebooks have in common.
struct Run<'a> {
    wanted: &'a Reproduce,
    tools: &'a Tools,
    photos: Option<&'a Path>,
    /// The lines of those that run.
    bars: MultiProgress,
    /// Number of notebooks.
    count: usize,
}

/// A notebook that ran.
struct Ran {
    /// Its place among all.
    index: usize,
    /// How long it took.
    seconds: f64,
    /// How long its cells took.
    times: Vec<CellTime>,
    /// Whether it came to its end.
    outcome: Result<()>,
}

/// What `run_notebook.py` tells.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Start { cells: usize },
    Cell { number: usize },
    Done { number: usize, seconds: f64, trains: bool },
    Output { text: String },
    Failed { number: usize, source: String, why: String },
    Finished,
}

impl Run<'_> {
    /// Runs these notebooks, `jobs` at a time. After one that failed no other is begun.
    fn several(&self, names: &[(usize, &String)], jobs: usize) -> Result<Vec<Ran>> {
        let jobs = jobs.clamp(1, names.len().max(1));
        let threads = (jobs > 1).then(|| (cores() / jobs).max(1));
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let all = Mutex::new(Vec::new());
        let work = || -> Result<()> {
            while let Some(&(index, name)) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let ran = self.one(index, name, threads);
                let failed = !matches!(&ran, Ok(Ran { outcome: Ok(()), .. }));
                stop.fetch_or(failed, Ordering::Relaxed);
                all.lock().unwrap_or_else(PoisonError::into_inner).push(ran?);
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })?;
        Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs one notebook with so many threads, says how long it took, and keeps its results.
    fn one(&self, index: usize, name: &str, threads: Option<usize>) -> Result<Ran> {
        let title = format!("[{}/{}] {name}", index + 1, self.count);
        let (start, mut times) = (Instant::now(), Vec::new());
        let ran = self.notebook(name, &title, threads, &mut times);
        let seconds = start.elapsed().as_secs_f64();
        if let Ok(cells) = &ran {
            self.bars.suspend(|| eprintln!("{title}: {cells} cells in {seconds:.0} s"));
            if let Some(folder) = &self.wanted.results {
                let shown = executed::read(&self.wanted.output.join(format!("{name}.ipynb")))?;
                results::write(folder, name, &shown, self.photos)?;
            }
        }
        Ok(Ran { index, seconds, times, outcome: ran.map(|_| ()) })
    }

    /// Whether a notebook's metadata say that it measures, and no other is to run beside it. One that cannot be read says
    /// nothing; running it tells what is wrong.
    fn wants_to_be_alone(&self, name: &str) -> bool {
        let text = fs::read_to_string(self.wanted.notebooks.join(format!("{name}.ipynb"))).unwrap_or_default();
        let notebook: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        notebook["metadata"]["manga"]["alone"] == true
    }

    /// Runs one notebook and returns its number of code cells; adds how long each took.
    fn notebook(&self, name: &str, title: &str, threads: Option<usize>, times: &mut Vec<CellTime>) -> Result<usize> {
        let output = &self.wanted.output;
        // What a run before has left must not pass for this one's.
        for ending in ["ipynb", "html"] {
            let former = output.join(format!("{name}.{ending}"));
            if former.exists() {
                fs::remove_file(&former).map_err(Error::io("cannot remove", &former))?;
            }
        }
        let source = self.wanted.notebooks.join(format!("{name}.ipynb"));
        let source = std::path::absolute(&source).map_err(Error::io("cannot use", &source))?;
        let mut command = self.tools.python();
        command
            .args(["-c", RUN_NOTEBOOK, kernel::NAME])
            .arg(source)
            .arg(output.join(format!("{name}.ipynb")))
            .env(Budget::VARIABLE, self.wanted.budget.as_str())
            .env(panics::STRICT, "1")
            .env_remove("MANGA_DATA")
            .envs(self.photos.map(|folder| ("MANGA_DATA", folder)))
            .envs(threads.map(|threads| ("RAYON_NUM_THREADS", threads.to_string())))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(Error::io("cannot start", &self.tools.python))?;
        let complaints = child.stderr.take().expect("it is piped");
        let complaints = std::thread::spawn(move || std::io::read_to_string(complaints).unwrap_or_default());
        let bar = self.bars.add(progress::spinner(title));
        let (mut cells, mut failure, mut finished) = (0, None, false);
        for line in BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(|line| line.ok()) {
            // Anything else on this stream is the kernel's talk with whoever started it.
            let Ok(event) = serde_json::from_str(&line) else { continue };
            match event {
                Event::Start { cells: all } => cells = all,
                Event::Cell { number } => bar.set_message(format!("cell {number} of {cells}")),
                Event::Done { number, seconds, trains } => {
                    times.push(CellTime { notebook: name.into(), cell: number, seconds, trains });
                }
                Event::Output { text } => bar.set_message(text),
                Event::Failed { number, source, why } => failure = Some((number, source, why)),
                Event::Finished => finished = true,
            }
        }
        bar.finish_and_clear();
        let status = child.wait().map_err(Error::io("cannot wait for", &self.tools.python))?;
        let complaints = complaints.join().unwrap_or_default();
        match failure {
            Some((number, source, why)) => Err(Error::Lab(format!(
                "{name}.ipynb, cell {number} of {cells} failed:\n\n{}\n\n{}",
                indented(&source),
                why.trim_end()
            ))),
            None if finished && status.success() => Ok(cells),
            None => Err(Error::Lab(format!("{name}.ipynb could not be run ({status}):\n{}", complaints.trim_end()))),
        }
    }
}

/// A cell's first lines, set off from the text around them.
fn indented(source: &str) -> String {
    const SHOWN: usize = 6;
    let mut lines: Vec<String> = source.lines().take(SHOWN).map(|line| format!("    {line}")).collect();
    if source.lines().count() > SHOWN {
        lines.push("    …".into());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_notebooks_of_the_folder_itself_run_in_the_order_of_their_names() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["10_b.ipynb", "02_a.ipynb", "evcxr.toml", ".ipynb_checkpoints/02_a.ipynb", "solutions/02_a.ipynb"]
        {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "{}").unwrap();
        }
        assert_eq!(list(folder.path()).unwrap(), ["02_a", "10_b"]);
        assert!(list(&folder.path().join("none")).is_err());
    }
}
