//! From the bytes of an image file to pixels, or to the reason why not.

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// How large a photo may be. A file over a limit is not decoded and listed as unused, whatever its header claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Widest picture, in pixels.
    pub width: u32,
    /// Highest picture, in pixels.
    pub height: u32,
    /// Most memory that decoding one picture may take, in bytes.
    pub memory: u64,
    /// Largest file, in bytes.
    pub file: u64,
}

impl Default for Limits {
    /// 8192 x 8192 pixels, 256 MiB of memory, files of 64 MiB.
    fn default() -> Self {
        Limits { width: 8192, height: 8192, memory: 256 << 20, file: 64 << 20 }
    }
}

/// The formats that are read, for messages.
const FORMATS: &str = "PNG, JPEG, WebP, GIF or BMP";

/// Pixels of a picture.
pub(super) struct Picture {
    pub width: usize,
    pub height: usize,
    /// Luma, row by row.
    pub grey: Vec<u8>,
    /// Red, green, blue; where some pixel is not grey.
    pub rgb: Option<Vec<u8>>,
}

/// Decodes an image file by its content. The error is a reason, to be read after the file's name.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture, String> {
    if bytes.is_empty() {
        return Err("an empty file".to_string());
    }
    let format = image::guess_format(bytes).map_err(|_| format!("not an image (of the kinds {FORMATS})"))?;
    if !format.reading_enabled() {
        return Err(format!("an image of a kind that is not read ({format:?}); save it as {FORMATS}"));
    }
    let damaged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => too_much_memory(limits),
        _ if !is_whole(format, bytes) => cut_off(format),
        other => format!("damaged: {other}"),
    };
    // Width and height are compared here, not by the decoder, so that the reason can name them.
    let mut memory = image::Limits::no_limits();
    memory.max_alloc = Some(limits.memory);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(memory.clone());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if width > limits.width || height > limits.height {
        return Err(format!("too large: {width} x {height} pixels, the limit is {} x {}", limits.width, limits.height));
    }
    if !is_whole(format, bytes) {
        return Err(cut_off(format));
    }
    memory.reserve(decoder.total_bytes()).map_err(|_| too_much_memory(limits))?;
    decoder.set_limits(memory).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    if image.width() == 0 || image.height() == 0 {
        return Err(format!("damaged: a picture of {} x {} pixels", image.width(), image.height()));
    }
    Ok(picture(image))
}

fn too_much_memory(limits: &Limits) -> String {
    format!("too large: decoding it takes more than {} bytes of memory", limits.memory)
}

fn cut_off(format: ImageFormat) -> String {
    format!("cut off: the end of the {format:?} file is missing")
}

/// Grey pixels, and the colours where there are any.
fn picture(image: DynamicImage) -> Picture {
    let (width, height) = (image.width() as usize, image.height() as usize);
    if matches!(image, DynamicImage::ImageLuma8(_) | DynamicImage::ImageLuma16(_)) {
        return Picture { width, height, grey: image.into_luma8().into_raw(), rgb: None };
    }
    // Opacity that is 0 everywhere was never meant: other programs show the picture.
    let mut image = image.into_rgba8();
    if image.pixels().all(|pixel| pixel[3] == 0) {
        image.pixels_mut().for_each(|pixel| pixel[3] = 255);
    }
    let rgb: Vec<u8> = image.pixels().flat_map(|p| [0, 1, 2].map(|i| on_paper(p[i], p[3]))).collect();
    let grey = rgb.chunks_exact(3).map(|p| luma(p[0], p[1], p[2])).collect();
    let colour = rgb.chunks_exact(3).any(|p| p[0] != p[1] || p[1] != p[2]);
    Picture { width, height, grey, rgb: colour.then_some(rgb) }
}

/// A colour with opacity `alpha` over white.
fn on_paper(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (value as u32, alpha as u32);
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

/// Luma of ITU-R BT.601 with the 16-bit weights of Pillow, which leave a grey value as it is.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((r as u32 * 19595 + g as u32 * 38470 + b as u32 * 7471 + 0x8000) >> 16) as u8
}

/// Whether the file reaches its end mark. Decoders fill a JPEG that was cut off with grey, and say nothing.
fn is_whole(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Png => png_is_whole(bytes),
        ImageFormat::Jpeg => jpeg_is_whole(bytes),
        ImageFormat::Gif => gif_is_whole(bytes),
        ImageFormat::WebP => length_at(bytes, 4).is_some_and(|length| bytes.len() >= length + 8),
        ImageFormat::Bmp => bmp_is_whole(bytes),
        _ => true,
    }
}

fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([field[0], field[1], field[2], field[3]]) as usize)
}

/// Whether rows that are not compressed reach as far as width, height and depth say. The field with the file's length is
/// often wrong, and no reader looks at it; compressed rows are left to the decoder.
fn bmp_is_whole(bytes: &[u8]) -> bool {
    let number = |at: usize| length_at(bytes, at);
    let (Some(start), Some(header)) = (number(10), number(14)) else { return false };
    let two = |at: usize| bytes.get(at..at + 2).map(|field| usize::from(u16::from_le_bytes([field[0], field[1]])));
    let (width, height, depth, compression) = match header {
        12 => (two(18), two(20), two(24), Some(0)),
        _ => (number(18), number(22).map(|height| (height as u32 as i32).unsigned_abs() as usize), two(28), number(30)),
    };
    let (Some(width), Some(height), Some(depth), Some(compression)) = (width, height, depth, compression) else {
        return false;
    };
    // 0: as they are; 3 and 6: the same, with masks for the colours.
    if ![0, 3, 6].contains(&compression) {
        return true;
    }
    let row = (width as u128 * depth as u128).div_ceil(32) * 4;
    bytes.len() as u128 >= start as u128 + row * height as u128
}

/// Follows the chunks (length, kind, data, checksum) to `IEND`.
fn png_is_whole(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        at += length + 12;
        if &head[4..] == b"IEND" {
            return at <= bytes.len();
        }
    }
    false
}

/// Follows the segments to the mark `FF D9`; a thumbnail within a segment has one too, which does not count.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    loop {
        // Next mark: FF and a byte that is neither 00 (a value FF within the data) nor FF (filling).
        while at + 1 < bytes.len() && (bytes[at] != 0xFF || matches!(bytes[at + 1], 0x00 | 0xFF)) {
            at += 1;
        }
        let Some(&mark) = bytes.get(at + 1) else { return false };
        at += 2;
        match mark {
            0xD9 => return true,
            0x01 | 0xD0..=0xD8 => {}
            _ => match bytes.get(at..at + 2) {
                Some(length) => at += u16::from_be_bytes([length[0], length[1]]).max(2) as usize,
                None => return false,
            },
        }
    }
}

/// Follows the blocks to the trailer `3B`.
fn gif_is_whole(bytes: &[u8]) -> bool {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let after_parts = |mut at: usize| loop {
        match bytes.get(at)? {
            0 => return Some(at + 1),
            &length => at += length as usize + 1,
        }
    };
    let mut at = match bytes.get(10) {
        Some(&flags) => 13 + table(flags),
        None => return false,
    };
    loop {
        let next = match bytes.get(at) {
            Some(0x3B) => return true,
            Some(0x21) => after_parts(at + 2),
            Some(0x2C) => bytes.get(at + 9).and_then(|&flags| after_parts(at + 11 + table(flags))),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
}
