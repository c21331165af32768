//! Running the notebooks without a browser.

use super::pages::{self, Page};
use super::{Budget, Tools, kernel, panics, project};
use crate::data::{DEFAULT_FOLDER, Source};
use crate::{Error, Result, progress};
use serde::Deserialize;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

/// Runs one notebook.
const RUN_NOTEBOOK: &str = include_str!("run_notebook.py");

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
}

impl Default for Reproduce {
    /// The project's notebooks within a lesson's time, into `runs/notebooks`.
    fn default() -> Self {
        Reproduce {
            data: None,
            budget: Budget::Class,
            notebooks: project().join("notebooks"),
            output: project().join("runs").join("notebooks"),
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

/// Runs every notebook, writes it as an HTML page, and returns the page that lists them.
///
/// A cell fails that does not compile, panics, returns an error, or writes to standard error; the first one ends the run
/// with an [`Error::Lab`] that names notebook, cell and message. The pages until there are written in any case, its own
/// included. A cell with Jupyter's tag `raises-exception` may fail.
///
/// A notebook runs in its own folder and finds what it is to do in the environment: `MANGA_DATA`, the folder of photos,
/// if there is one, and `MANGA_BUDGET` ([`Budget`]).
pub fn reproduce(wanted: &Reproduce) -> Result<PathBuf> {
    let photos = photos(wanted.data.as_deref())?;
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
    let run = Run { wanted, tools: &tools, photos: photos.as_deref() };
    let mut done: Vec<Page> = Vec::new();
    let mut outcome = Ok(());
    for (index, name) in names.iter().enumerate() {
        let title = format!("[{}/{}] {name}", index + 1, names.len());
        let start = Instant::now();
        match run.notebook(name, &title) {
            Ok(cells) => {
                let seconds = start.elapsed().as_secs_f64();
                eprintln!("{title}: {cells} cells in {seconds:.0} s");
                done.push(Page { name: name.clone(), seconds, failure: None });
            }
            Err(error) => {
                let seconds = start.elapsed().as_secs_f64();
                done.push(Page { name: name.clone(), seconds, failure: Some(error.to_string()) });
                outcome = Err(error);
                break;
            }
        }
    }
    let index = pages::write(&wanted.output, &done, wanted.budget, photos.is_some())?;
    outcome.map(|()| index)
}

/// The names of the notebooks in a folder, without their ending, in order.
fn list(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(Error::io("cannot read the notebooks in", folder))?;
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ipynb"))
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
}

/// What `run_notebook.py` tells.
#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Start { cells: usize },
    Cell { number: usize },
    Output { text: String },
    Failed { number: usize, source: String, why: String },
    Finished,
}

impl Run<'_> {
    /// Runs one notebook and returns its number of code cells.
    fn notebook(&self, name: &str, title: &str) -> Result<usize> {
        let output = &self.wanted.output;
        let source = self.wanted.notebooks.join(format!("{name}.ipynb"));
        let source = std::path::absolute(&source).map_err(Error::io("cannot use", &source))?;
        let mut command = self.tools.python();
        command
            .args(["-c", RUN_NOTEBOOK, kernel::NAME])
            .arg(source)
            .arg(output.join(format!("{name}.ipynb")))
            .arg(output.join(format!("{name}.html")))
            .env(Budget::VARIABLE, self.wanted.budget.as_str())
            .env(panics::STRICT, "1")
            .env_remove("MANGA_DATA")
            .envs(self.photos.map(|folder| ("MANGA_DATA", folder)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(Error::io("cannot start", &self.tools.python))?;
        let complaints = child.stderr.take().expect("it is piped");
        let complaints = std::thread::spawn(move || std::io::read_to_string(complaints).unwrap_or_default());
        let bar = progress::spinner(title);
        let (mut cells, mut failure, mut finished) = (0, None, false);
        for line in BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(|line| line.ok()) {
            // Anything else on this stream is the kernel's talk with whoever started it.
            let Ok(event) = serde_json::from_str(&line) else { continue };
            match event {
                Event::Start { cells: all } => cells = all,
                Event::Cell { number } => bar.set_message(format!("cell {number} of {cells}")),
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
