//! Photos become images: against Pillow and TensorFlow (golden/resize.py).

use manga_expressions::data::{Dataset, Filter, Limits, Photo, Preparation, Reduction, Scaling, Split, SplitSettings};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    resize: Vec<Case>,
    rgb: Vec<u8>,
    grey: Vec<u8>,
}

#[derive(Deserialize)]
struct Case {
    width: usize,
    height: usize,
    size: usize,
    triangle: Vec<f32>,
    bilinear: Vec<f32>,
    nearest: Vec<f32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/resize.json")).unwrap()
}

/// The picture that golden/resize.py makes.
fn picture(name: &str, width: usize, height: usize) -> Photo {
    let value = |i: usize| ((i % width * 37 + i / width * 91 + (i % width) * (i / width) * 7) % 256) as u8;
    Photo::from_grey(name, width, height, (0..width * height).map(value).collect()).unwrap()
}

/// Values from 0 to 255 of a picture resized.
fn resized(case: &Case, filter: Filter) -> Vec<f32> {
    let preparation = Preparation { size: case.size, filter, ..Preparation::default() };
    let images = preparation.images(&[picture("x", case.width, case.height)]).unwrap();
    assert_eq!(images.shape(), (1, case.size, case.size, 1));
    images.values().iter().map(|v| v * 255.0).collect()
}

#[track_caller]
fn assert_close(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len());
    let largest = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(largest <= tolerance, "{what}: off by {largest}");
}

#[test]
fn filters_equal_pillow_and_tensorflow() {
    for case in &golden().resize {
        let what = |filter: &str| format!("{filter}, {} x {} to {}", case.width, case.height, case.size);
        // Pillow rounds after each of its two passes, hence 1.
        assert_close(&resized(case, Filter::Triangle), &case.triangle, 1.01, &what("triangle"));
        assert_close(&resized(case, Filter::Bilinear), &case.bilinear, 0.002, &what("bilinear"));
        assert_close(&resized(case, Filter::Nearest), &case.nearest, 0.001, &what("nearest"));
    }
}

#[test]
fn grey_equals_pillow() {
    let golden = golden();
    let width = golden.grey.len() as u32;
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_raw(width, 1, golden.rgb.clone()).unwrap();
    image.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let photo = Photo::from_bytes("x", png.get_ref(), &Limits::default()).unwrap();
    assert_eq!((photo.grey(), photo.rgb()), (&golden.grey[..], golden.rgb));
}

fn dataset() -> Dataset {
    let photos = (0..10).map(|i| picture(&format!("{i}"), 5 + i, 9)).collect();
    let labels = (0..10).map(|i| i % 2).collect();
    Dataset::from_photos(vec!["even".to_string(), "odd".to_string()], photos, labels, None).unwrap()
}

#[test]
fn scalings_are_as_documented() {
    let values = [0.0, 51.0, 255.0];
    assert_eq!(values.map(|v| Scaling::ZeroToOne.apply(v, 0)), [0.0, 0.2, 1.0]);
    // keras.applications.resnet_v2.preprocess_input on the same numbers.
    assert_close(&values.map(|v| Scaling::MinusOneToOne.apply(v, 0)), &[-1.0, -0.6, 1.0], 1e-6, "keras");
    let standard = Scaling::Standard { mean: 0.5, deviation: 0.25 };
    assert_close(&values.map(|v| standard.apply(v, 0)), &[-2.0, -1.2, 2.0], 1e-6, "standard");
}

/// One pixel of colour, and another.
fn coloured() -> Photo {
    let mut png = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_raw(2, 1, vec![51, 102, 255, 9, 8, 7]).unwrap();
    image.write_to(&mut png, image::ImageFormat::Png).unwrap();
    Photo::from_bytes("coloured", png.get_ref(), &Limits::default()).unwrap()
}

#[test]
fn the_scalings_of_imagenet_equal_keras_and_torchvision() {
    let scaled = |scaling| {
        let preparation = Preparation { size: 2, channels: 3, colour: true, scaling, ..Preparation::default() };
        let values = Preparation { filter: Filter::Nearest, ..preparation }.images(&[coloured()]).unwrap();
        values.image(0)[..3].to_vec()
    };
    // keras.applications.imagenet_utils.preprocess_input([[[51, 102, 255]]], mode="caffe"), which turns blue to the front.
    let caffe = [151.061, -14.778999, -72.68];
    assert_close(&scaled(Scaling::Caffe), &caffe, 1e-4, "caffe");
    // The same with mode="torch", and torchvision's ToTensor and Normalize.
    let torch = [-1.2445414, -0.25, 2.64];
    assert_close(&scaled(Scaling::Torchvision), &torch, 1e-6, "torchvision");
    // A grey photo is three equal channels to both.
    let grey = Photo::from_grey("grey", 1, 1, vec![102]).unwrap();
    let preparation = Preparation { size: 1, channels: 3, scaling: Scaling::Caffe, ..Preparation::default() };
    let grey = preparation.images(&[grey]).unwrap();
    assert_close(grey.image(0), &[102.0 - 103.939, 102.0 - 116.779, 102.0 - 123.68], 1e-4, "grey");
}

#[test]
fn an_image_that_has_the_size_is_not_resampled() {
    let photo = picture("square", 17, 17);
    for filter in [Filter::Triangle, Filter::Bilinear, Filter::Nearest] {
        let preparation = Preparation { size: 17, filter, scaling: Scaling::ZeroToOne, ..Preparation::default() };
        let values = preparation.images(std::slice::from_ref(&photo)).unwrap();
        let exact: Vec<f32> = photo.grey().iter().map(|&v| v as f32 / 255.0).collect();
        assert_eq!(values.image(0), exact);
    }
}

#[test]
fn the_middle_is_cut_out_of_a_photo_that_is_not_square() {
    // The shorter side is 8/7 of the size already: the middle is cut out, and nothing resampled.
    for (width, height, left, top) in [(21, 16, 3, 1), (16, 21, 1, 3), (16, 16, 1, 1)] {
        let photo = picture("long", width, height);
        let preparation = Preparation { size: 14, crop: true, ..Preparation::default() };
        let values = preparation.images(std::slice::from_ref(&photo)).unwrap();
        let pixel = |y: usize, x: usize| photo.grey()[(top + y) * width + left + x] as f32 / 255.0;
        let middle: Vec<f32> = (0..14 * 14).map(|i| pixel(i / 14, i % 14)).collect();
        assert_eq!(values.image(0), middle);
    }
    let narrow = Photo::from_grey("narrow", 1, 9000, vec![0; 9000]).unwrap();
    let error = Preparation { crop: true, ..Preparation::default() }.images(&[narrow]).unwrap_err().to_string();
    assert!(error.contains("too narrow"), "{error}");
}

#[test]
fn settings_of_earlier_runs_are_read_and_written_as_they_were() {
    let earlier = r#"{"size":100,"filter":"triangle","scaling":"zero_to_one","channels":3}"#;
    let preparation: Preparation = serde_json::from_str(earlier).unwrap();
    assert_eq!(preparation, Preparation { channels: 3, ..Preparation::default() });
    assert_eq!(serde_json::to_string(&preparation).unwrap(), earlier);
}

#[test]
fn standardising_looks_at_the_training_photos_only() {
    let data = dataset();
    let split = data.split(&SplitSettings::default()).unwrap();
    let plain = Preparation { size: 6, ..Preparation::default() };
    let fitted = plain.standardised(&data, &split).unwrap();
    let train = fitted.apply(&data).unwrap().select(split.train());
    let values = train.images.values();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    let variance = values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32 - mean * mean;
    assert!(mean.abs() < 1e-4 && (variance - 1.0).abs() < 1e-3, "mean {mean}, variance {variance}");

    // Other pictures in validation and test change nothing.
    let photos = data.photos().iter().enumerate().map(|(i, photo)| match split.train().contains(&i) {
        true => photo.clone(),
        false => Photo::from_grey(photo.name(), 1, 1, vec![i as u8]).unwrap(),
    });
    let other = Dataset::from_photos(data.classes().to_vec(), photos.collect(), data.labels().to_vec(), None).unwrap();
    assert_eq!(plain.standardised(&other, &split).unwrap(), fitted);

    let short = Split::from_parts(vec![0], vec![], vec![1]).unwrap();
    assert!(plain.standardised(&data, &short).unwrap_err().to_string().contains("of 2 photos"));
}

#[test]
fn one_even_grey_cannot_be_standardised() {
    let photo = |i: usize| Photo::from_grey("even", 1 + i, 1, vec![7; 1 + i]).unwrap();
    let classes = vec!["a".to_string(), "b".to_string()];
    let data = Dataset::from_photos(classes, (0..4).map(photo).collect(), vec![0, 1, 0, 1], None).unwrap();
    let split = Split::from_parts(vec![0, 1], vec![], vec![2, 3]).unwrap();
    let message = Preparation::default().standardised(&data, &split).unwrap_err().to_string();
    assert!(message.contains("deviation"), "{message}");
}

#[test]
fn three_channels_are_the_grey_value_thrice() {
    let data = dataset();
    let one = Preparation { size: 4, ..Preparation::default() };
    let three = Preparation { channels: 3, ..one.clone() }.apply(&data).unwrap();
    let one = one.apply(&data).unwrap();
    assert_eq!(three.images.shape(), (10, 4, 4, 3));
    for (pixel, value) in three.images.values().chunks_exact(3).zip(one.images.values()) {
        assert_eq!(pixel, [*value; 3]);
    }
    assert_eq!((&three.labels, &three.classes), (&data.labels().to_vec(), &data.classes().to_vec()));
    assert_eq!((three.counts(), &three.names[3]), (vec![5, 5], &"3".to_string()));
}

#[test]
fn steps_end_in_what_a_network_sees() {
    let data = dataset();
    for filter in [Filter::Triangle, Filter::Bilinear, Filter::Nearest] {
        let preparation = Preparation { size: 8, filter, scaling: Scaling::MinusOneToOne, ..Preparation::default() };
        let steps = preparation.steps(&data, 3).unwrap();
        assert_eq!(steps.normalised, preparation.apply(&data).unwrap().images.image(3));
        let picture: Vec<f32> = steps.resized.iter().map(|&v| v as f32).collect();
        assert_close(&picture, &steps.values, 0.5, "the picture of the values");
        assert_eq!((&steps.photo, steps.label, steps.class.as_str()), (&data.photos()[3], 1, "odd"));
    }
    assert!(Preparation::default().steps(&data, 10).unwrap_err().to_string().contains("no photo 10"));
}

#[test]
fn settings_that_cannot_work_are_errors() {
    let report = Preparation::default();
    for (wrong, word) in [
        (Preparation { size: 0, ..report.clone() }, "0 x 0"),
        (Preparation { size: 100_000, ..report.clone() }, "100000 x"),
        (Preparation { channels: 2, ..report.clone() }, "2 channels"),
        (Preparation { colour: true, ..report.clone() }, "3 channels"),
        (
            Preparation { colour: true, channels: 3, reduced: Some(Reduction::By(0.5)), ..report.clone() },
            "colour cannot be reduced",
        ),
        (Preparation { reduced: Some(Reduction::By(1.5)), ..report.clone() }, "cannot be reduced"),
        (Preparation { reduced: Some(Reduction::By(-0.5)), ..report.clone() }, "cannot be"),
        (Preparation { reduced: Some(Reduction::By(f64::NAN)), ..report.clone() }, "cannot be"),
        (Preparation { reduced: Some(Reduction::To(0)), ..report.clone() }, "cannot be"),
        (Preparation { reduced: Some(Reduction::To(1000)), ..report.clone() }, "cannot be reduced to 1000"),
        (Preparation { scaling: Scaling::Standard { mean: 0.0, deviation: 0.0 }, ..report.clone() }, "deviation 0"),
        (Preparation { scaling: Scaling::Standard { mean: f32::NAN, deviation: 1.0 }, ..report.clone() }, "mean NaN"),
    ] {
        let message = wrong.apply(&dataset()).unwrap_err().to_string();
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
}

#[test]
fn a_preparation_reads_back_from_json() {
    let standard = Scaling::Standard { mean: 0.625, deviation: 0.25 };
    for scaling in [Scaling::ZeroToOne, Scaling::MinusOneToOne, Scaling::Torchvision, Scaling::Caffe, standard] {
        let preparation =
            Preparation { size: 64, filter: Filter::Nearest, scaling, channels: 3, ..Preparation::default() };
        let json = serde_json::to_string(&preparation).unwrap();
        assert_eq!(serde_json::from_str::<Preparation>(&json).unwrap(), preparation, "{json}");
    }
}
