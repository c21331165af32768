//! One photo as training may see it: each operation of an augmentation alone, and all together.

use super::canvas::{Canvas, Label};
use super::palette::{LINE, SMALL, TEXT};
use super::{Figure, Picture, WIDTH};
use crate::data::{Augmentation, Dataset, Images, Preparation, Scaling};
use crate::{Error, Result};

/// Title of the figure.
const TITLE: &str = "What augmentation does to a photo";
/// Pictures in a row.
const COLUMNS: usize = 5;
/// Space between pictures.
const GAP: i32 = 14;
/// Side of a picture in pixels.
const SIDE: i32 = (WIDTH as i32 - GAP) / COLUMNS as i32 - GAP;
/// Height of a row: a caption, a picture, and below it what was done.
const ROW: i32 = SIDE + 52;
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
/// use manga_expressions::data::{Augmentation, Dataset, Preparation, drawn::FaceSet};
/// use manga_expressions::plots::augmentations;
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
        return Err(Error::Invalid(format!("there is no photo {index}: the data set has {}", dataset.len())));
    };
    let preparation = Preparation { scaling: Scaling::ZeroToOne, channels: 1, ..preparation.clone() };
    let original = preparation.images(std::slice::from_ref(photo))?;
    let size = (preparation.size, preparation.size);
    let changed = |name: &str, augmentation: &Augmentation, epoch: usize| -> Result<Panel> {
        Ok(Panel {
            name: name.to_string(),
            done: augmentation.transform(size, index, seed, epoch)?.to_string(),
            image: augmentation.apply(&original, &[index], seed, epoch)?,
        })
    };
    let mut alone = Vec::new();
    for (name, operation) in operations(augmentation) {
        let panels = (1..=EPOCHS).map(|epoch| changed(name, &operation, epoch)).collect::<Result<Vec<_>>>()?;
        alone.extend(panels.into_iter().max_by(|a, b| a.differs(&original).total_cmp(&b.differs(&original))));
    }
    if alone.is_empty() {
        return Err(Error::output(format!("figure {TITLE:?}"), "the augmentation uses no operation"));
    }
    let together = |epoch: usize| {
        let panel = changed(&format!("epoch {epoch}"), augmentation, epoch)?;
        Ok(Panel { done: String::new(), ..panel })
    };
    let together = (1..=COLUMNS).map(together).collect::<Result<Vec<_>>>()?;
    let before = Panel { name: "prepared".into(), done: format!("{} x {} pixels", size.0, size.1), image: original };
    alone.insert(0, before);

    const TOP: i32 = 44;
    let below = TOP + alone.len().div_ceil(COLUMNS) as i32 * ROW + 14;
    Figure::draw(TITLE, (WIDTH, (below + ROW + 4) as u32), |canvas| {
        for (place, panel) in alone.iter().enumerate() {
            let (row, column) = (place / COLUMNS, place % COLUMNS);
            panel.draw(canvas, column as i32, TOP + row as i32 * ROW)?;
        }
        canvas.text(GAP, below, Label { bold: true, ..Label::new(TEXT) }, "all of them together")?;
        (0..).zip(&together).try_for_each(|(column, panel)| panel.draw(canvas, column, below + 20))
    })
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

/// A picture with what stands above and below it.
struct Panel {
    name: String,
    done: String,
    image: Images,
}

impl Panel {
    /// How far this picture is from another: the sum of the differences of all pixels.
    fn differs(&self, other: &Images) -> f32 {
        self.image.values().iter().zip(other.values()).map(|(a, b)| (a - b).abs()).sum()
    }

    fn draw(&self, canvas: &mut Canvas, column: i32, top: i32) -> Result<()> {
        let (_, height, width, _) = self.image.shape();
        let pixels: Vec<u8> = self.image.values().iter().map(|value| (value * 255.0).round() as u8).collect();
        let (x, y) = (GAP + column * (SIDE + GAP), top + 20);
        canvas.text(x, top + 8, Label { bold: !self.done.is_empty(), ..Label::new(SMALL) }, &self.name)?;
        canvas.outline((x - 1, y - 1), (SIDE + 1, SIDE + 1), LINE.into())?;
        canvas.picture(&Picture::grey(width, height, &pixels)?, (x, y), (SIDE, SIDE))?;
        canvas.text(x, y + SIDE + 14, Label::new(SMALL).grey(), &self.done)
    }
}
