//! Photos in a folder become a data set, or a reason why not.

use image::{DynamicImage, ExtendedColorType, ImageFormat, RgbImage, RgbaImage};
use manga_expressions::data::{Dataset, EXPRESSIONS, Limits, Photo, Summary};
use std::io::Cursor;
use std::path::Path;
use tempfile::TempDir;

/// A picture of two colours whose pixels depend on `seed`.
fn picture(width: u32, height: u32, seed: u32) -> DynamicImage {
    let pixel = |x, y| image::Luma([((x * 37 + y * 91 + x * y * 7 + seed * 53) % 256) as u8]);
    DynamicImage::ImageLuma8(image::GrayImage::from_fn(width, height, pixel))
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(seed: u32) -> Vec<u8> {
    encoded(&picture(9, 7, seed), ImageFormat::Png)
}

/// One small picture in each format that is read.
fn all_formats() -> Vec<(ImageFormat, Vec<u8>)> {
    let grey = picture(23, 17, 5);
    let colour = DynamicImage::ImageRgb8(grey.to_rgb8());
    let formats = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp];
    formats.map(|format| (format, encoded(&colour, format))).to_vec()
}

fn put(root: &TempDir, path: &str, bytes: &[u8]) {
    let path = root.path().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Two classes with two good photos each.
fn good_folder() -> TempDir {
    let root = TempDir::new().unwrap();
    for (seed, name) in ["happy/b.png", "happy/a.png", "sad/1.png", "sad/2.png"].into_iter().enumerate() {
        put(&root, name, &png(seed as u32));
    }
    root
}

fn open(root: &TempDir) -> manga_expressions::Result<Dataset> {
    Dataset::from_folder(root.path().to_str().unwrap())
}

/// The reason for `path`, which must be listed exactly once.
fn reason(dataset: &Dataset, path: &str) -> String {
    let listed: Vec<_> = dataset.unused().iter().filter(|unused| unused.path == path).collect();
    assert_eq!(listed.len(), 1, "{path} in {:?}", dataset.unused());
    listed[0].reason.clone()
}

#[track_caller]
fn fails_with(root: &TempDir, words: &[&str]) {
    let message = open(root).unwrap_err().to_string();
    words.iter().for_each(|word| assert!(message.contains(word), "{word:?} is not in: {message}"));
}

fn names(dataset: &Dataset) -> Vec<&str> {
    dataset.photos().iter().map(Photo::name).collect()
}

#[test]
fn expressions_have_the_order_of_the_report_and_others_follow() {
    let root = TempDir::new().unwrap();
    for (seed, class) in ["zeal", "angry", "bored", "sad", "pleased"].into_iter().enumerate() {
        put(&root, &format!("{class}/x.png"), &png(seed as u32));
    }
    let dataset = open(&root).unwrap();
    assert_eq!(dataset.classes(), ["sad", "pleased", "angry", "bored", "zeal"]);
    assert_eq!(names(&dataset), ["sad/x.png", "pleased/x.png", "angry/x.png", "bored/x.png", "zeal/x.png"]);
    assert_eq!(dataset.labels(), [0, 1, 2, 3, 4]);

    for (seed, class) in EXPRESSIONS.into_iter().enumerate() {
        put(&root, &format!("{class}/y.png"), &png(10 + seed as u32));
    }
    assert_eq!(open(&root).unwrap().classes()[..7], EXPRESSIONS);
}

#[test]
fn photos_are_sorted_by_class_and_name() {
    let dataset = open(&good_folder()).unwrap();
    assert_eq!(names(&dataset), ["sad/1.png", "sad/2.png", "happy/a.png", "happy/b.png"]);
    assert_eq!((dataset.counts(), dataset.majority()), (vec![2, 2], (0, 0.5)));
    assert!(dataset.unused().is_empty());
}

#[test]
fn pixels_and_facts_of_a_photo_are_those_of_its_file() {
    for (format, bytes) in all_formats() {
        let photo = Photo::from_bytes("x", &bytes, &Limits::default()).unwrap();
        assert_eq!((photo.width(), photo.height(), photo.bytes()), (23, 17, bytes.len() as u64), "{format:?}");
        assert!(!photo.is_colour(), "{format:?}");
        if format != ImageFormat::Jpeg {
            assert_eq!(photo.grey(), picture(23, 17, 5).to_luma8().as_raw(), "{format:?}");
        }
    }
    let abc = Photo::from_bytes("x", b"abc", &Limits::default()).unwrap_err().to_string();
    assert!(abc.starts_with("cannot use x: not an image"), "{abc}");
    // SHA-256 of these bytes by Python's hashlib.
    let photo = Photo::from_bytes("x", &two_by_one_bmp(), &Limits::default()).unwrap();
    assert_eq!(photo.sha256(), "0f0f918f5646dbb6e6dc0fb4b92c7b7214be14dd2bba59f15f1244cbda850c37");
    assert_eq!((photo.rgb(), photo.is_colour()), (vec![255, 0, 0, 0, 0, 255], true));
    assert_eq!(photo.grey(), [76, 29], "red and blue in Pillow's mode L");
}

/// A red and a blue pixel, byte by byte.
fn two_by_one_bmp() -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for field in [62u32, 0, 54, 40, 2, 1] {
        bytes.extend(field.to_le_bytes());
    }
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes.extend([0, 0, 255, 255, 0, 0, 0, 0]);
    bytes
}

#[test]
fn a_faint_tint_is_kept_but_is_no_colour() {
    let image = RgbImage::from_pixel(2, 2, image::Rgb([200, 196, 190]));
    let bytes = encoded(&DynamicImage::ImageRgb8(image), ImageFormat::Png);
    let photo = Photo::from_bytes("x", &bytes, &Limits::default()).unwrap();
    assert!(!photo.is_colour());
    assert_eq!(photo.rgb()[..3], [200, 196, 190]);
}

#[test]
fn a_photo_is_turned_as_its_camera_noted() {
    // An EXIF segment that says orientation 6: to be turned a quarter clockwise.
    let exif = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let lying = DynamicImage::ImageLuma8(image::GrayImage::from_fn(16, 8, |x, _| image::Luma([x as u8 / 8 * 255])));
    let plain = encoded(&lying, ImageFormat::Jpeg);
    let noted = [&plain[..2], exif, &plain[2..]].concat();
    let photo = Photo::from_bytes("x", &noted, &Limits::default()).unwrap();
    assert_eq!((photo.width(), photo.height()), (8, 16));
    assert!(photo.grey()[..64].iter().all(|&v| v < 8) && photo.grey()[64..].iter().all(|&v| v > 247));
}

#[test]
fn transparent_pixels_lie_on_white_paper() {
    let mut image = RgbaImage::from_pixel(3, 1, image::Rgba([0, 0, 0, 255]));
    image.put_pixel(1, 0, image::Rgba([0, 0, 0, 0]));
    image.put_pixel(2, 0, image::Rgba([200, 200, 200, 51]));
    let bytes = encoded(&DynamicImage::ImageRgba8(image), ImageFormat::Png);
    let photo = Photo::from_bytes("x", &bytes, &Limits::default()).unwrap();
    assert_eq!(photo.grey(), [0, 255, 244]);
}

#[test]
fn the_content_counts_not_the_extension() {
    let root = good_folder();
    put(&root, "sad/really-a-jpeg.png", &encoded(&picture(8, 8, 70), ImageFormat::Jpeg));
    put(&root, "sad/no extension", &encoded(&picture(8, 8, 71), ImageFormat::WebP));
    put(&root, "sad/text.png", b"this is no picture");
    put(&root, "sad/empty.jpg", b"");
    put(&root, "sad/scan.tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0");
    let dataset = open(&root).unwrap();
    assert_eq!(dataset.counts(), [4, 2]);
    assert!(reason(&dataset, "sad/text.png").contains("not an image"));
    assert!(reason(&dataset, "sad/empty.jpg").contains("empty"));
    assert!(reason(&dataset, "sad/scan.tif").contains("Tiff"));
    assert_eq!(dataset.unused().len(), 3);
}

#[test]
fn a_file_cut_anywhere_is_listed_and_nothing_panics() {
    for (format, bytes) in all_formats() {
        for end in 0..bytes.len() {
            let result = Photo::from_bytes("cut", &bytes[..end], &Limits::default());
            let Err(error) = result else { panic!("{format:?} cut at {end} of {} was used", bytes.len()) };
            assert!(error.to_string().starts_with("cannot use cut: "), "{error}");
        }
        Photo::from_bytes("whole", &bytes, &Limits::default()).unwrap();
        Photo::from_bytes("more", &[&bytes[..], b"\n"].concat(), &Limits::default()).unwrap();
    }
    let root = good_folder();
    for (i, (format, bytes)) in all_formats().into_iter().enumerate() {
        put(&root, &format!("happy/{i}.png"), &bytes[..bytes.len() * 3 / 4]);
        assert!(reason(&open(&root).unwrap(), &format!("happy/{i}.png")).contains("cut off"), "{format:?}");
    }
}

#[test]
fn a_file_with_any_byte_changed_gives_a_photo_or_a_reason() {
    let limits = Limits { memory: 1 << 22, ..Limits::default() };
    for (_, bytes) in all_formats() {
        for at in 0..bytes.len() {
            for change in [0x01, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                if let Ok(photo) = Photo::from_bytes("changed", &changed, &limits) {
                    assert_eq!(photo.grey().len(), photo.width() * photo.height());
                }
            }
        }
    }
    let mut damaged = png(0);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    let error = Photo::from_bytes("damaged", &damaged, &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("damaged: "), "{error}");
}

/// A whole PNG whose header claims another size than its data have.
fn png_that_claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(0);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = bytes[12..29].iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ byte as u32, |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    });
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bytes
}

#[test]
fn an_image_bomb_gives_a_reason() {
    let root = good_folder();
    put(&root, "sad/huge.png", &png_that_claims(2_000_000_000, 2_000_000_000));
    put(&root, "sad/large.png", &png_that_claims(60_000, 50_000));
    put(&root, "sad/header only.png", &png_that_claims(60_000, 60_000)[..33]);
    let mut gif = encoded(&DynamicImage::ImageRgb8(RgbImage::new(2, 2)), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    put(&root, "sad/huge.gif", &gif);
    let mut bmp = two_by_one_bmp();
    bmp[18..26].copy_from_slice(&[0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0]);
    put(&root, "sad/huge.bmp", &bmp);
    let dataset = open(&root).unwrap();
    assert_eq!(dataset.counts(), [2, 2]);
    assert_eq!(reason(&dataset, "sad/large.png"), "too large: 60000 x 50000 pixels, the limit is 8192 x 8192");
    for name in ["sad/huge.png", "sad/huge.gif", "sad/huge.bmp"] {
        assert!(reason(&dataset, name).contains("too large"), "{name}: {}", reason(&dataset, name));
    }
    reason(&dataset, "sad/header only.png");
}

#[test]
fn limits_are_those_that_were_given() {
    let root = good_folder();
    put(&root, "sad/wide.png", &encoded(&picture(11, 2, 0), ImageFormat::Png));
    put(&root, "sad/high.png", &encoded(&picture(2, 11, 0), ImageFormat::Png));
    let path = root.path().to_str().unwrap();
    let limits = Limits { width: 10, height: 10, ..Limits::default() };
    let dataset = Dataset::from_folder_with(path, &limits).unwrap();
    assert_eq!(reason(&dataset, "sad/wide.png"), "too large: 11 x 2 pixels, the limit is 10 x 10");
    assert_eq!(reason(&dataset, "sad/high.png"), "too large: 2 x 11 pixels, the limit is 10 x 10");
    assert_eq!(dataset.counts(), [2, 2]);

    std::fs::remove_file(root.path().join("sad/wide.png")).unwrap();
    std::fs::remove_file(root.path().join("sad/high.png")).unwrap();
    for limits in [Limits { memory: 62, ..Limits::default() }, Limits { file: 20, ..Limits::default() }] {
        let message = Dataset::from_folder_with(path, &limits).unwrap_err().to_string();
        assert!(message.contains("the class sad") && message.contains("too large"), "{message}");
    }
}

#[test]
fn whatever_is_beside_or_below_the_class_folders_is_listed() {
    let root = good_folder();
    put(&root, "readme.txt", b"about");
    put(&root, ".ipynb_checkpoints/a.png", &png(50));
    put(&root, ".DS_Store", b"x");
    put(&root, "sad/.hidden.png", &png(51));
    put(&root, "sad/more/x.png", &png(52));
    put(&root, "sad/more/deeper/y.png", &png(53));
    let dataset = open(&root).unwrap();
    assert_eq!(dataset.counts(), [2, 2]);
    let listed: Vec<&str> = dataset.unused().iter().map(|unused| unused.path.as_str()).collect();
    assert_eq!(listed, [".DS_Store", ".ipynb_checkpoints", "readme.txt", "sad/.hidden.png", "sad/more"]);
    assert!(reason(&dataset, "readme.txt").contains("beside the class folders"));
    assert!(reason(&dataset, "sad/.hidden.png").contains("hidden"));
    assert!(reason(&dataset, "sad/more").contains("2 files"));
}

#[test]
fn the_same_bytes_in_one_class_are_used_once() {
    let root = good_folder();
    put(&root, "sad/3.png", &png(2));
    let dataset = open(&root).unwrap();
    assert_eq!(reason(&dataset, "sad/3.png"), "the same to the byte as sad/1.png");
    assert_eq!(dataset.counts(), [2, 2]);
}

#[test]
fn the_same_bytes_in_two_classes_are_an_error() {
    let root = good_folder();
    put(&root, "happy/again.png", &png(3));
    fails_with(&root, &["sad/2.png", "happy/again.png", "the same to the byte"]);
    // One name in two classes is no such thing.
    let root = good_folder();
    put(&root, "happy/1.png", &png(80));
    assert_eq!(open(&root).unwrap().len(), 5);
}

#[test]
fn a_folder_that_is_no_data_set_is_an_error_that_names_it() {
    let root = TempDir::new().unwrap();
    let missing = root.path().join("missing");
    let message = Dataset::from_folder(missing.to_str().unwrap()).unwrap_err().to_string();
    assert!(message.contains(missing.to_str().unwrap()), "{message}");
    fails_with(&root, &["no class", root.path().to_str().unwrap()]);
    put(&root, "happy/a.png", &png(0));
    fails_with(&root, &["only one class", "happy", root.path().to_str().unwrap()]);
    std::fs::create_dir(root.path().join("sad")).unwrap();
    fails_with(&root, &["the class sad", "empty"]);
    put(&root, "sad/notes.txt", b"no picture");
    fails_with(&root, &["the class sad", "sad/notes.txt", "not an image"]);
    let file = root.path().join("happy/a.png");
    let message = Dataset::from_folder(file.to_str().unwrap()).unwrap_err().to_string();
    assert!(message.contains("a file, not a folder"), "{message}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let root = good_folder();
    let link = |target: &str, name: &str| symlink(target, root.path().join(name)).unwrap();
    put(&root, "elsewhere/.kept.png", &png(60));
    std::fs::rename(root.path().join("elsewhere"), root.path().join(".elsewhere")).unwrap();
    link("../.elsewhere/.kept.png", "sad/link.png");
    link("loop.png", "sad/loop.png");
    link("nowhere.png", "sad/dangling.png");
    link("..", "sad/up");
    link("self", "self");
    let dataset = open(&root).unwrap();
    assert_eq!(names(&dataset)[..3], ["sad/1.png", "sad/2.png", "sad/link.png"]);
    for name in ["sad/loop.png", "sad/dangling.png", "self"] {
        assert!(reason(&dataset, name).starts_with("cannot be read: "), "{}", reason(&dataset, name));
    }
    assert!(reason(&dataset, "sad/up").contains("a folder within a class"));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_are_shown_as_well_as_possible() {
    use std::os::unix::ffi::OsStrExt;
    let root = good_folder();
    let name = |bytes: &[u8]| Path::new(std::ffi::OsStr::from_bytes(bytes)).to_path_buf();
    std::fs::write(root.path().join("sad").join(name(b"\xe9t\xe9.png")), png(61)).unwrap();
    std::fs::write(root.path().join("sad").join(name(b"\xff.txt")), b"text").unwrap();
    let dataset = open(&root).unwrap();
    assert!(names(&dataset).contains(&"sad/\u{FFFD}t\u{FFFD}.png"));
    assert!(reason(&dataset, "sad/\u{FFFD}.txt").contains("not an image"));

    for (seed, folder) in [b"\xfe", b"\xff"].into_iter().enumerate() {
        let folder = root.path().join(name(folder));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("a.png"), png(62 + seed as u32)).unwrap();
    }
    fails_with(&root, &["two folders", "not UTF-8"]);
}

#[test]
fn a_data_set_from_parts_is_checked() {
    let photo = |name: &str, value: u8| Photo::from_grey(name, 1, 1, vec![value]).unwrap();
    let classes = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
    let two = || vec![photo("a", 1), photo("b", 2)];
    let ok = Dataset::from_photos(classes(&["x", "y"]), two(), vec![0, 1], Some(vec![4, 4])).unwrap();
    assert_eq!(ok.groups(), Some(&[4, 4][..]));
    let fails = |names: &[&str], photos, labels, groups, word: &str| {
        let message = Dataset::from_photos(classes(names), photos, labels, groups).unwrap_err().to_string();
        assert!(message.contains(word), "{word:?} is not in: {message}");
    };
    fails(&["x", "y"], two(), vec![0], None, "1 labels");
    fails(&["x", "y"], two(), vec![0, 1], Some(vec![1]), "1 groups");
    fails(&["x", "y"], two(), vec![0, 2], None, "label 2");
    fails(&["x", "y", "z"], two(), vec![0, 1], None, "the class z has no photo");
    fails(&["x", "x"], two(), vec![0, 1], None, "two classes are called x");
    fails(&["x"], two(), vec![0, 0], None, "only one class, x");
    fails(&["x", "y"], vec![photo("a", 1), photo("b", 1)], vec![0, 1], None, "the same to the byte");
    assert!(Photo::from_grey("a", 2, 2, vec![0; 3]).is_err());
}

#[test]
fn the_summary_counts_and_reads_back_from_json() {
    let root = good_folder();
    put(&root, "happy/note.txt", b"text");
    put(&root, "happy/wide.png", &encoded(&picture(31, 2, 0), ImageFormat::Png));
    let mut colour = Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut colour, &[255, 0, 0], 1, 1, ExtendedColorType::Rgb8, ImageFormat::Png)
        .unwrap();
    put(&root, "sad/red.png", colour.get_ref());
    let summary = open(&root).unwrap().summary();
    assert_eq!((summary.total, summary.counts["happy"], summary.counts["sad"], summary.colour), (6, 3, 3, 1));
    let sides = &summary.sides["happy"];
    assert_eq!((sides.smallest, sides.median, sides.largest), (9, 9.0, 31));
    let json = serde_json::to_string(&summary).unwrap();
    assert!(json.contains(r#""counts":{"happy":3,"sad":3}"#) && json.contains(r#""path":"happy/note.txt""#), "{json}");
    assert_eq!(serde_json::from_str::<Summary>(&json).unwrap(), summary);
    let text = summary.to_string();
    assert!(text.contains("Not used (1):\n  happy/note.txt: not an image"), "{text}");
}
