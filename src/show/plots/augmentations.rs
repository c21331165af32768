//! One photo as training may see it: each operation of an augmentation alone, and all together.

use super::canvas::refused;
use super::{Figure, ImageGrid, Picture, Tile};
use crate::data::{Augmentation, Dataset, Images, Preparation, Scaling};
use crate::{Error, Result};

/// Title of the figure.
const TITLE: &str = "What augmentation does to a photo";
/// Pictures in a row.
const COLUMNS: usize = 5;
/// Of so many epochs the one is shown in which an operation changes the photo most, because it may do nothing in another.
const EPOCHS: usize = 8;

/// Photo `index` of the data set as it was prepared, then changed by each operation that `augmentation` uses, alone and
/// as strongly as in any of its first eight epochs; and below by all of them, in the first five epochs. Each changed
/// picture says what was done to it.
///
/// Alone an operation does in an epoch just what it does there with the others. The grey values do not depend on the
/// preparation's scaling.
///
/// # Errors
/// A photo that is not there; a preparation or an augmentation that cannot work, or one that does nothing.
///
/// ```
/// use manga_expressions::data::{Augmentation, Dataset, Preparation};
/// use manga_expressions::faces::FaceSet;
/// use manga_expressions::show::plots::augmentations;
///
/// let dataset = Dataset::from_faces(&FaceSet::new(14, 1))?;
/// let figure = augmentations(&dataset, 3, &Preparation::default(), &Augmentation::cited_dcnn(), 1)?;
/// assert!(figure.svg().contains("mirrored"));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn augmentations(
    dataset: &Dataset,
    index: usize,
    preparation: &Preparation,
    augmentation: &Augmentation,
    seed: u64,
) -> Result<Figure> {
    let Some(photo) = dataset.photos().get(index) else {
        return Err(Error::NotFound(format!("there is no photo {index}: the data set has {}", dataset.len())));
    };
    let preparation = Preparation { scaling: Scaling::ZeroToOne, channels: 1, ..preparation.clone() };
    let original = preparation.images(std::slice::from_ref(photo))?;
    let size = (preparation.size, preparation.size);
    let changed = |augmentation: &Augmentation, epoch: usize| augmentation.apply(&original, &[index], seed, epoch);
    let differs =
        |image: &Images| -> f32 { image.values().iter().zip(original.values()).map(|(a, b)| (a - b).abs()).sum() };
    let done = format!("{} x {} pixels", size.0, size.1);
    let mut alone = vec![tile(&original)?.above("prepared").below(&done)];
    for (name, operation) in operations(augmentation) {
        let images = (1..=EPOCHS).map(|epoch| changed(&operation, epoch)).collect::<Result<Vec<_>>>()?;
        let strongest = (1..=EPOCHS).zip(&images).max_by(|a, b| differs(a.1).total_cmp(&differs(b.1)));
        if let Some((epoch, image)) = strongest {
            let done = operation.transform(size, index, seed, epoch)?.to_string();
            alone.push(tile(image)?.above(name).below(&done));
        }
    }
    if alone.len() == 1 {
        return Err(refused(TITLE, "the augmentation uses no operation"));
    }
    let together = |epoch: usize| {
        Ok(tile(&changed(augmentation, epoch)?)?.above(&format!("epoch {epoch}")).below("all of them together"))
    };
    let together = (1..=COLUMNS).map(together).collect::<Result<Vec<_>>>()?;
    let rows = vec![(String::new(), alone), (String::new(), together)];
    ImageGrid { rows, columns: Some(COLUMNS), ..ImageGrid::new(TITLE) }.draw()
}

/// A grey image of values from 0 to 1 as it is, not stretched.
fn tile(image: &Images) -> Result<Tile> {
    let (_, height, width, _) = image.shape();
    let pixels: Vec<u8> = image.values().iter().map(|value| (value * 255.0).round() as u8).collect();
    Ok(Tile::picture(Picture::grey(width, height, &pixels)?))
}

/// The operations that an augmentation uses, each as one of its own, in the order in which they are done.
fn operations(all: &Augmentation) -> Vec<(&'static str, Augmentation)> {
    let none = Augmentation { fill: all.fill, stretch: all.stretch, ..Augmentation::default() };
    let operations = [
        ("down-scaling", Augmentation { downscaling: all.downscaling.clone(), ..none.clone() }),
        ("line weight", Augmentation { line_weight: all.line_weight, ..none.clone() }),
        ("rotation", Augmentation { rotation: all.rotation, ..none.clone() }),
        ("shift", Augmentation { shift: all.shift, ..none.clone() }),
        ("zoom", Augmentation { zoom: all.zoom, ..none.clone() }),
        ("flip", Augmentation { flip: all.flip, ..none.clone() }),
        ("contrast", Augmentation { contrast: all.contrast, ..none.clone() }),
        ("brightness", Augmentation { brightness: all.brightness, ..none.clone() }),
        ("erasing", Augmentation { erasing: all.erasing.clone(), ..none.clone() }),
    ];
    operations.into_iter().filter(|(_, operation)| *operation != none).collect()
}
