//! One photo, decoded: its pixels as they are in the file, before any preparation.

use super::decode::{Limits, decode};
use super::{EXPRESSIONS, Rectangle};
use crate::faces::Character;
use crate::{Error, Result};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Differences between red, green and blue up to this are not seen as colour.
const VISIBLE: u8 = 16;

/// A decoded photo: its grey pixels, its colours where it has any, and what is known of its file.
///
/// Grey is the luma of ITU-R BT.601, `0.299 R + 0.587 G + 0.114 B`, as in Pillow's mode `L` and Keras's
/// `color_mode="grayscale"`. Transparent pixels lie on white paper (Pillow and Keras drop the transparency, which turns
/// a page without a background black), and the orientation that a camera noted is applied.
///
/// ```
/// use manga_expressions::data::Photo;
///
/// let photo = Photo::from_grey("happy/dot", 3, 1, vec![255, 0, 255])?;
/// assert_eq!((photo.width(), photo.height(), photo.is_colour()), (3, 1, false));
/// # Ok::<(), manga_expressions::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Photo {
    name: String,
    width: usize,
    height: usize,
    grey: Vec<u8>,
    rgb: Option<Vec<u8>>,
    sha256: String,
    bytes: u64,
}

impl Photo {
    /// A photo from the bytes of an image file: PNG, JPEG, WebP, GIF (its first frame) or BMP, told by its content.
    ///
    /// The error names the photo and says why it cannot be used: not an image, cut off, damaged, or over a limit.
    pub fn from_bytes(name: &str, bytes: &[u8], limits: &Limits) -> Result<Photo> {
        Photo::decoded(name, bytes, limits).map_err(|reason| Error::Data(format!("cannot use {name}: {reason}")))
    }

    /// The same, with the bare reason as the error.
    pub(super) fn decoded(name: &str, bytes: &[u8], limits: &Limits) -> Result<Photo, String> {
        let picture = decode(bytes, limits)?;
        Ok(Photo {
            name: name.to_string(),
            width: picture.width,
            height: picture.height,
            grey: picture.grey,
            rgb: picture.rgb,
            sha256: hex(bytes),
            bytes: bytes.len() as u64,
        })
    }

    /// The photo in the file `path`, with the usual [`Limits`]; its name is the path.
    pub fn open(path: impl AsRef<Path>) -> Result<Photo> {
        let path = path.as_ref();
        let limits = Limits::default();
        let name = path.to_string_lossy();
        let bytes = read(path, &limits).map_err(|why| Error::Data(format!("cannot use {name}: {why}")))?;
        Photo::from_bytes(&name, &bytes, &limits)
    }

    /// A grey picture that was made in memory, from its pixels row by row.
    ///
    /// Its [`sha256`](Photo::sha256) and number of [`bytes`](Photo::bytes) are those of its size and pixels.
    pub fn from_grey(name: &str, width: usize, height: usize, grey: Vec<u8>) -> Result<Photo> {
        if width == 0 || height == 0 || width.checked_mul(height) != Some(grey.len()) {
            return Err(Error::Invalid(format!(
                "{} pixels do not make the picture {name} of {width} x {height} pixels",
                grey.len()
            )));
        }
        let head = format!("{width} {height} ");
        let sha256 = hex(&[head.as_bytes(), &grey].concat());
        Ok(Photo { name: name.to_string(), width, height, sha256, bytes: grey.len() as u64, grey, rgb: None })
    }

    /// The photo in the file `path`; a face that is drawn here, with the expression `class`, where `path` is empty. For a
    /// cell in which everybody puts a photo of their own.
    ///
    /// # Errors
    /// A file that cannot be used; a class that is none of the expressions.
    pub fn open_or_draw(path: impl AsRef<Path>, class: &str, seed: u64) -> Result<Photo> {
        let path = path.as_ref();
        const SIDE: u32 = 240;
        if !path.as_os_str().is_empty() {
            return Photo::open(path);
        }
        let Some(expression) = EXPRESSIONS.iter().position(|&name| name == class) else {
            return Err(Error::NotFound(format!("there is no expression {class:?}; there are {EXPRESSIONS:?}")));
        };
        let face = Character::new(seed).draw(expression, SIDE, seed)?;
        Photo::from_grey(&format!("a drawn face, {class}"), SIDE as usize, SIDE as usize, face.pixels)
    }

    /// The part of the photo within `region`; its name stays.
    ///
    /// ```
    /// use manga_expressions::data::{Photo, Rectangle};
    ///
    /// let photo = Photo::from_grey("strip", 4, 2, vec![0, 10, 20, 30, 40, 50, 60, 70])?;
    /// let middle = photo.cropped(&Rectangle::middle_square((photo.height(), photo.width())))?;
    /// assert_eq!(middle.grey(), [10, 20, 50, 60]);
    /// # Ok::<(), manga_expressions::Error>(())
    /// ```
    ///
    /// # Errors
    /// A region that is empty or not within the photo.
    pub fn cropped(&self, region: &Rectangle) -> Result<Photo> {
        if !region.is_within((self.height, self.width)) {
            return Err(Error::Invalid(format!(
                "{region:?} is not a part of {}, which has {} rows and {} columns",
                self.name, self.height, self.width
            )));
        }
        let part = |values: &[u8], channels: usize| -> Vec<u8> {
            let rows = values.chunks_exact(self.width * channels).skip(region.top).take(region.height);
            rows.flat_map(|row| &row[region.left * channels..][..region.width * channels]).copied().collect()
        };
        let grey = Photo::from_grey(&self.name, region.width, region.height, part(&self.grey, 1))?;
        Ok(Photo { rgb: self.rgb.as_ref().map(|rgb| part(rgb, 3)), ..grey })
    }

    /// Where it came from: `angry/29.jpg`, class and file. Bytes that are not UTF-8 read `\u{FFFD}`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The grey pixels, row by row: 0 black to 255 white.
    pub fn grey(&self) -> &[u8] {
        &self.grey
    }

    /// Whether colour is to be seen: the channels of some pixel differ by more than 16 of 255. Scanning, JPEG and reduced
    /// palettes leave a tint of a few levels on grey pictures.
    pub fn is_colour(&self) -> bool {
        let tinted = |p: &[u8]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]) > VISIBLE;
        self.rgb.as_ref().is_some_and(|rgb| rgb.chunks_exact(3).any(tinted))
    }

    /// The original pixels in colour, row by row: red, green, blue for each.
    pub fn rgb(&self) -> Vec<u8> {
        match &self.rgb {
            Some(rgb) => rgb.clone(),
            None => self.grey.iter().flat_map(|&v| [v; 3]).collect(),
        }
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let colours = if self.is_colour() { "colour" } else { "grey" };
        write!(f, "Photo({}, {} x {}, {colours})", self.name, self.width, self.height)
    }
}

/// The bytes of a file, or the reason why they are not read.
pub(super) fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, String> {
    let unreadable = |e: std::io::Error| format!("cannot be read: {e}");
    let about = std::fs::metadata(path).map_err(unreadable)?;
    if about.is_dir() {
        return Err("a folder, not a file".to_string());
    }
    if !about.is_file() {
        return Err("not a regular file".to_string());
    }
    if about.len() > limits.file {
        return Err(format!("too large: a file of {} bytes, the limit is {}", about.len(), limits.file));
    }
    std::fs::read(path).map_err(unreadable)
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
