//! The tables and curves of notebooks that ran, as files that may be given away: none shows a face.

use super::executed::{Content, Shown};
use crate::{Error, Result};
use std::fs;
use std::path::Path;

/// Writes the tables (`.txt`) and those figures (`.svg`) of a notebook in which there is no picture into
/// `folder/name/`, each as `MM-heading`, where MM is the number of its cell. Files of such names from a run before are
/// removed. Where on this machine the photos lie is of no interest elsewhere: their folder is called `DIR`. Returns how
/// many were written.
pub(super) fn write(folder: &Path, name: &str, all: &[Shown], photos: Option<&Path>) -> Result<usize> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder).map_err(Error::io("cannot make", &folder))?;
    remove_former(&folder)?;
    let files: Vec<(String, &str)> = all.iter().filter_map(file).collect();
    for (name, text) in &files {
        let path = folder.join(name);
        let photos = photos.map(|photos| photos.display().to_string());
        let text = photos.map_or(text.to_string(), |photos| text.replace(&photos, "DIR"));
        fs::write(&path, format!("{}\n", text.trim_end())).map_err(Error::io("cannot write", &path))?;
    }
    Ok(files.len())
}

/// Name and text of the file for this figure or table; `None` for a figure with a picture.
fn file(shown: &Shown) -> Option<(String, &str)> {
    let (ending, text) = match &shown.content {
        Content::Figure(svg) if has_picture(svg) => return None,
        Content::Figure(svg) => ("svg", svg),
        Content::Table(text) => ("txt", text),
    };
    Some((format!("{:02}-{}.{ending}", shown.number, slug(&shown.heading)), text))
}

/// Whether an SVG holds, or refers to, anything that it does not draw itself with lines, areas and text.
fn has_picture(svg: &str) -> bool {
    let svg = svg.to_ascii_lowercase();
    ["<image", "<img", "<foreignobject", "<use", "data:", "href", "url("].iter().any(|sign| svg.contains(sign))
}

/// A heading as part of a file's name: small letters and digits, with a hyphen for all between them. A notebook's title is
/// left without its number ("1 · The data set"), which its folder has.
fn slug(heading: &str) -> String {
    let numbered = heading.split_once(" · ").filter(|(number, _)| number.parse::<usize>().is_ok());
    let heading = numbered.map_or(heading, |(_, title)| title);
    let words: Vec<String> = heading
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "untitled".into() } else { words.join("-") }
}

/// Removes what a run before has written here, and nothing else.
fn remove_former(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io("cannot read", folder))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let number = name.split_once('-').map(|(number, _)| number).unwrap_or_default();
        let is_numbered = number.len() >= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_numbered && (name.ends_with(".svg") || name.ends_with(".txt")) {
            fs::remove_file(entry.path()).map_err(Error::io("cannot remove", entry.path()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::show::plots::{class_counts, photos_per_class};

    fn shown(number: usize, heading: &str, content: Content) -> Shown {
        Shown { number, heading: heading.into(), content }
    }

    #[test]
    fn tables_and_curves_are_written_and_a_face_never_is() {
        let faces = Source::Drawn { count: 70, seed: 1 }.load().unwrap();
        let sheet = photos_per_class(&faces, 2, 1).unwrap().svg().to_string();
        let counts = class_counts(faces.classes(), &faces.counts()).unwrap().svg().to_string();
        let table = Content::Table("a  b\n1  /my/photos".into());
        let all = [
            shown(3, "1 · How many of each", Content::Figure(counts.clone())),
            shown(4, "Faces (figure 4)", Content::Figure(sheet)),
            shown(12, "k = 1 … 50", table),
        ];
        let folder = tempfile::tempdir().unwrap();
        let former = folder.path().join("01_data_set");
        fs::create_dir(&former).unwrap();
        fs::write(former.join("04-faces-figure-4.svg"), "left from a run before").unwrap();
        fs::write(former.join("README.md"), "kept").unwrap();
        let photos = Some(Path::new("/my/photos"));
        assert_eq!(write(folder.path(), "01_data_set", &all, photos).unwrap(), 2);
        let mut names: Vec<_> =
            fs::read_dir(&former).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["03-how-many-of-each.svg", "12-k-1-50.txt", "README.md"]);
        assert_eq!(fs::read_to_string(former.join("03-how-many-of-each.svg")).unwrap().trim(), counts.trim());
        assert_eq!(fs::read_to_string(former.join("12-k-1-50.txt")).unwrap(), "a  b\n1  DIR\n");
    }

    #[test]
    fn whatever_could_hold_a_face_is_a_picture() {
        for svg in [
            "<svg><IMAGE x='0'/></svg>",
            "<svg><g xlink:href='a.png'/></svg>",
            "<svg><rect fill='url(#face)'/></svg>",
            "<svg><foreignObject/></svg>",
        ] {
            assert!(has_picture(svg), "{svg}");
        }
        assert!(!has_picture("<svg xmlns=\"http://www.w3.org/2000/svg\"><text>images of data</text></svg>"));
    }
}
