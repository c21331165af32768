//! A folder of photos, one folder per class, becomes a data set; whatever is not used is listed with the reason.

use super::photo::read;
use super::{Dataset, EXPRESSIONS, Limits, Photo, Unused};
use crate::{Error, Result};
use rayon::prelude::*;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const LAYOUT: &str = "a data set is a folder with one folder of photos for each class, as angry/ and happy/";

impl Dataset {
    /// The photos in the folder `path`, which holds one folder for each class.
    ///
    /// The seven [`EXPRESSIONS`] have the labels of the report, other classes follow in alphabetical order; the photos
    /// are sorted by class and name. They are decoded by their content, whatever the names say. Files that cannot be
    /// used are in [`unused`](Dataset::unused) with the reason: not an image, cut off, damaged, too large, hidden,
    /// unreadable, beside or below the class folders, or the same to the byte as another photo of the class.
    ///
    /// It is an error if the folder is missing, has fewer than two classes or a class without a usable photo, or if
    /// two classes hold the same photo to the byte.
    ///
    /// ```
    /// use manga_expressions::data::Dataset;
    ///
    /// let error = Dataset::from_folder("no/such/folder").unwrap_err();
    /// assert!(error.to_string().starts_with("there is no folder no/such/folder"));
    /// ```
    pub fn from_folder(path: impl AsRef<Path>) -> Result<Dataset> {
        Dataset::from_folder_with(path, &Limits::default())
    }

    /// The same as [`Dataset::from_folder`], with your own limits on the size of a photo.
    pub fn from_folder_with(path: impl AsRef<Path>, limits: &Limits) -> Result<Dataset> {
        let (root, path) = (path.as_ref(), path.as_ref().display());
        if !root.exists() {
            return Err(Error::Data(format!("there is no folder {path}: {LAYOUT}")));
        }
        if !root.is_dir() {
            return Err(Error::Data(format!("{path} is a file, not a folder: {LAYOUT}")));
        }
        let mut unused = Vec::new();
        let folders = class_folders(root, &mut unused)?;
        if folders.is_empty() {
            return Err(Error::Data(format!("there is no class in {path}: {LAYOUT}")));
        }
        if let Some(advice) = one_level_too_deep(root, &folders) {
            return Err(Error::Data(advice));
        }
        let mut classes = Vec::new();
        let (mut photos, mut labels) = (Vec::new(), Vec::new());
        for (label, folder) in folders.into_iter().enumerate() {
            let of_class = photos_of(root, &folder, limits, &mut unused)?;
            labels.extend(vec![label; of_class.len()]);
            photos.extend(of_class);
            classes.push(folder.name);
        }
        let mut dataset =
            Dataset::from_photos(classes, photos, labels, None).map_err(|e| Error::Data(format!("{path}: {e}")))?;
        unused.sort();
        dataset.source = path.to_string();
        dataset.unused = unused;
        Ok(dataset)
    }
}

/// A folder of photos.
struct ClassFolder {
    /// Name of the class.
    name: String,
    path: PathBuf,
}

/// The folders within `root` in the order of the classes.
fn class_folders(root: &Path, unused: &mut Vec<Unused>) -> Result<Vec<ClassFolder>> {
    let mut folders: Vec<ClassFolder> = Vec::new();
    for file in sorted_entries(root)? {
        let (name, path) = (file.to_string_lossy().into_owned(), root.join(&file));
        let reason = match std::fs::metadata(&path) {
            _ if name.starts_with('.') => "hidden".to_string(),
            // What macOS adds to an archive.
            _ if name == "__MACOSX" => "hidden".to_string(),
            Err(error) => format!("cannot be read: {error}"),
            Ok(about) if about.is_dir() => {
                if folders.iter().any(|other| other.name == name) {
                    return Err(Error::Data(format!(
                        "two folders in {} both read {name}, as their names are not UTF-8: rename one",
                        root.display()
                    )));
                }
                folders.push(ClassFolder { name, path });
                continue;
            }
            Ok(_) => "beside the class folders, so of no class".to_string(),
        };
        unused.push(Unused { path: name, reason });
    }
    folders.sort_by_key(|folder| {
        let expression = EXPRESSIONS.iter().position(|name| *name == folder.name);
        (expression.unwrap_or(EXPRESSIONS.len()), folder.name.clone())
    });
    Ok(folders)
}

/// What to say where the folders of the classes lie within one of these folders, as after unpacking, or within several, as
/// `train` and `test`.
fn one_level_too_deep(root: &Path, folders: &[ClassFolder]) -> Option<String> {
    let outer: Vec<&ClassFolder> = folders.iter().filter(|folder| holds_classes(&folder.path)).collect();
    let names: Vec<&str> = outer.iter().map(|folder| folder.name.as_str()).collect();
    match names[..] {
        [] => None,
        _ if names.len() < folders.len() => None,
        [only] => Some(format!(
            "the classes in {} are one folder deeper: name {} instead",
            root.display(),
            root.join(only).display()
        )),
        _ => Some(format!(
            "{} holds no classes but the folders {}, each with classes in it: name one of them, as {}. The library divides the \
             photos into training and test by itself",
            root.display(),
            names.join(", "),
            root.join(names[0]).display()
        )),
    }
}

/// Whether a folder has at least two folders with files in them, and no file of its own but hidden ones.
fn holds_classes(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let seen: Vec<std::fs::DirEntry> =
        entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')).collect();
    let has_files = |folder: &std::fs::DirEntry| {
        let mut within = std::fs::read_dir(folder.path()).into_iter().flatten().flatten();
        within.any(|entry| entry.path().is_file())
    };
    seen.iter().all(|entry| entry.path().is_dir()) && seen.iter().filter(|entry| has_files(entry)).count() >= 2
}

/// The usable photos of one class, sorted by name; at least one.
fn photos_of(root: &Path, folder: &ClassFolder, limits: &Limits, unused: &mut Vec<Unused>) -> Result<Vec<Photo>> {
    let files = sorted_entries(&folder.path)?;
    let decoded: Vec<Result<Photo, Unused>> = files
        .par_iter()
        .map(|file| {
            let name = format!("{}/{}", folder.name, file.to_string_lossy());
            photo(&name, &folder.path.join(file), limits).map_err(|reason| Unused { path: name, reason })
        })
        .collect();
    let (mut photos, mut left_out) = (Vec::<Photo>::new(), Vec::new());
    let mut seen: HashMap<String, String> = HashMap::new();
    for result in decoded {
        match result {
            Err(reason) => left_out.push(reason),
            Ok(photo) => match seen.get(photo.sha256()) {
                Some(first) => {
                    let reason = format!("the same to the byte as {first}");
                    left_out.push(Unused { path: photo.name().to_string(), reason });
                }
                None => {
                    seen.insert(photo.sha256().to_string(), photo.name().to_string());
                    photos.push(photo);
                }
            },
        }
    }
    if photos.is_empty() {
        let why = match left_out.first() {
            None => "its folder is empty".to_string(),
            Some(Unused { path, reason }) => {
                format!("none of the {} entries of its folder can be used ({path}: {reason})", left_out.len())
            }
        };
        return Err(Error::Data(format!(
            "the class {} in {} has no photo: {why}; add photos, or move the folder elsewhere if it is no class",
            folder.name,
            root.display()
        )));
    }
    unused.append(&mut left_out);
    Ok(photos)
}

/// One photo, or the reason why it is not used.
fn photo(name: &str, path: &Path, limits: &Limits) -> Result<Photo, String> {
    if path.file_name().is_some_and(|file| file.to_string_lossy().starts_with('.')) {
        return Err("hidden".to_string());
    }
    if path.is_dir() {
        return Err(format!("a folder within a class, with {} files that are not read", files_below(path)));
    }
    Photo::decoded(name, &read(path, limits)?, limits)
}

/// Number of files in a folder and the folders in it; links are not followed, so a loop of them ends.
fn files_below(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let below = |entry: std::fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files_below(&entry.path()),
        _ => 1,
    };
    entries.flatten().map(below).sum()
}

/// What is in a folder, sorted by the bytes of the names, as file systems list it in any order.
fn sorted_entries(folder: &Path) -> Result<Vec<OsString>> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot read the folder", folder))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(Error::io("cannot read the folder", folder))?.file_name());
    }
    names.sort();
    Ok(names)
}
