//! The notebooks as pages to read, and the page that leads through them. A program in Python makes them by nbconvert,
//! from the templates in the folder `pages`; this hands it what it needs.

use super::{Budget, Tools};
use crate::project;
use crate::report::claims;
use crate::show::tables::Table;
use crate::{Error, Result};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The program: the file that runs, its modules, and the templates.
const PROGRAM: [(&str, &str); 9] = [
    (MAIN, include_str!("pages/make_pages.py")),
    ("contents.py", include_str!("pages/contents.py")),
    ("links.py", include_str!("pages/links.py")),
    ("rendering.py", include_str!("pages/rendering.py")),
    ("page.html.j2", include_str!("pages/page.html.j2")),
    ("page.css", include_str!("pages/page.css")),
    ("notebook.html.j2", include_str!("pages/notebook.html.j2")),
    ("document.html.j2", include_str!("pages/document.html.j2")),
    ("index.html.j2", include_str!("pages/index.html.j2")),
];

/// The file that runs.
const MAIN: &str = "make_pages.py";

/// One notebook that ran. It lies in the output folder as it ran, unless it could not be started.
#[derive(serde::Serialize)]
pub(super) struct Run {
    /// Name of the notebook's file, without its ending.
    pub(super) name: String,
    /// How long it ran.
    pub(super) seconds: f64,
    /// Why it ended early.
    pub(super) failure: Option<String>,
}

/// Makes a page of every notebook that ran, pages of the documents that they link to, and the index, whose path is
/// returned. All pages are in `output`; `notebooks` is the folder that the notebooks are from.
pub(super) fn write(
    tools: &Tools,
    output: &Path,
    notebooks: &Path,
    runs: &[Run],
    budget: Budget,
    photos: bool,
) -> Result<PathBuf> {
    let job = json!({
        "budget": budget.as_str(),
        "photos": photos,
        "runs": runs,
        "claims": claims_of_the_report(),
    });
    let folder = tempfile::tempdir().map_err(Error::io("cannot make a folder in", std::env::temp_dir()))?;
    for (name, text) in PROGRAM {
        let file = folder.path().join(name);
        fs::write(&file, text).map_err(Error::io("cannot write", &file))?;
    }
    let mut child = tools
        .python()
        .arg(folder.path().join(MAIN))
        .args([output, notebooks, &project::folder()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(Error::io("cannot start", &tools.python))?;
    // Where the program has ended before it has read all, its own words say why.
    let _ = child.stdin.take().expect("it is piped").write_all(job.to_string().as_bytes());
    let ended = child.wait_with_output().map_err(Error::io("cannot wait for", &tools.python))?;
    if !ended.status.success() {
        let why = String::from_utf8_lossy(&ended.stderr);
        return Err(Error::Lab(format!("the pages could not be made ({}):\n{}", ended.status, why.trim_end())));
    }
    Ok(output.join("index.html"))
}

/// The table of the report's claims, as HTML, and the places that its column of notebooks names; or why there is none.
/// Its numbers are of the results that come with the project, and not of this run.
fn claims_of_the_report() -> Value {
    let table = claims::all().and_then(|all| Ok((Table::claims(&all)?, all)));
    match table {
        Ok((table, all)) => {
            let places: Map<String, Value> =
                all.iter().map(|claim| (claim.place.to_string(), json!(claim.place))).collect();
            json!({ "html": table.html(), "places": places })
        }
        Err(error) => json!({ "error": error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_program_is_handed_over() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lab/pages");
        let mut files: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap())
            .filter(|file| file.file_type().unwrap().is_file())
            .map(|file| file.file_name().into_string().unwrap())
            .collect();
        let mut named = PROGRAM.map(|(name, _)| name.to_string());
        files.sort();
        named.sort();
        assert_eq!(files, named);
    }

    #[test]
    fn each_claim_has_its_place_in_the_table() {
        let claims = claims_of_the_report();
        let html = claims["html"].as_str().unwrap();
        let places = claims["places"].as_object().unwrap();
        assert_eq!(html.matches("<tr>").count(), claims::all().unwrap().len() + 1);
        let place = &places["7 · ResNet-50's classification report (figure 14)"];
        assert_eq!(place["notebook"], 7);
        assert_eq!(place["heading"], "ResNet-50's classification report (figure 14)");
        assert!(html.contains(">7 · ResNet-50's classification report (figure 14)<"), "{html}");
    }
}
