//! Drawn faces as a data set, and a data set as files.

use super::{Dataset, EXPRESSIONS, Photo};
use crate::faces::FaceSet;
use crate::{Error, Result};
use std::path::{Component, Path};

impl Dataset {
    /// Drawn faces as photos; the groups are the characters.
    ///
    /// # Errors
    /// A set that cannot be drawn, or in which an expression does not occur.
    ///
    /// ```
    /// use manga_expressions::data::{Dataset};
    /// use manga_expressions::faces::FaceSet;
    ///
    /// let dataset = Dataset::from_faces(&FaceSet::new(70, 1))?;
    /// assert_eq!((dataset.len(), dataset.classes().len()), (70, 7));
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    pub fn from_faces(set: &FaceSet) -> Result<Dataset> {
        let faces = set.draw()?;
        let labels: Vec<usize> = faces.iter().map(|face| face.expression).collect();
        let groups = faces.iter().map(|face| face.character).collect();
        let photo = |(index, face): (usize, crate::faces::DrawnFace)| {
            let name = format!("{}/face{index:04}-character{}", EXPRESSIONS[face.expression], face.character);
            Photo::from_grey(&name, face.width as usize, face.height as usize, face.pixels)
        };
        let photos = faces.into_iter().enumerate().map(photo).collect::<Result<_>>()?;
        let mut dataset = Dataset::from_photos(EXPRESSIONS.map(String::from).to_vec(), photos, labels, Some(groups))
            .map_err(|error| Error::Invalid(format!("{} drawn faces are too few: {error}; draw more", set.n)))?;
        dataset.source = format!("drawn faces, seed {}", set.seed);
        Ok(dataset)
    }

    /// Writes every photo as a grey PNG file into `folder`, a folder for each class.
    ///
    /// # Errors
    /// A folder that is there already; files that cannot be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        if folder.exists() {
            return Err(Error::Conflict(format!("{} is there already: name a new folder", folder.display())));
        }
        for (photo, &label) in self.photos().iter().zip(self.labels()) {
            let name = Path::new(&self.classes()[label]);
            if !matches!(name.components().collect::<Vec<_>>()[..], [Component::Normal(_)]) {
                return Err(Error::Invalid(format!("the class {} cannot be the name of a folder", name.display())));
            }
            let class = folder.join(name);
            std::fs::create_dir_all(&class).map_err(Error::io("cannot make", &class))?;
            let name = Path::new(photo.name()).file_stem().unwrap_or_default().to_string_lossy();
            let path = class.join(format!("{name}.png"));
            if path.exists() {
                return Err(Error::Invalid(format!("two photos would be called {}: rename one", path.display())));
            }
            let (width, height) = (photo.width() as u32, photo.height() as u32);
            image::save_buffer(&path, photo.grey(), width, height, image::ColorType::L8)
                .map_err(|error| Error::output(path.display().to_string(), error))?;
        }
        Ok(())
    }
}
