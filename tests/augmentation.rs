//! Training images changed at random: against scipy, Keras, torchvision and Pillow (golden/augmentation.py), and what
//! must hold of any change.

mod common;

use common::on_any_threads;
use manga_expressions::Error;
use manga_expressions::data::{Augmentation, Downscaling, Erasing, Fill, Images, Rectangle, Transform};
use serde::Deserialize;
use std::collections::HashSet;

type Shape = (usize, usize, usize);

#[derive(Deserialize)]
struct Golden {
    moved: Vec<Moved>,
    contrast: Vec<Case>,
    brightness: Vec<Case>,
    coarser: Vec<Case>,
}

#[derive(Deserialize)]
struct Moved {
    by: String,
    shape: Shape,
    rotation: f64,
    shift: (f64, f64),
    zoom: (f64, f64),
    fill: Fill,
    values: Vec<f32>,
}

#[derive(Deserialize)]
struct Case {
    by: String,
    shape: Shape,
    contrast: Option<f64>,
    brightness: Option<f64>,
    side: Option<usize>,
    values: Vec<f32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/augmentation.json")).unwrap()
}

/// The picture that golden/augmentation.py makes; `first` makes others of it.
fn picture((h, w, c): Shape, first: usize) -> Vec<f32> {
    let pixels = (0..h).flat_map(|y| (0..w).map(move |x| (y, x)));
    let value = |y, x, k| (x * 37 + y * 91 + x * y * 7 + k * 53 + first) % 256;
    pixels.flat_map(|(y, x)| (0..c).map(move |k| value(y, x, k) as f32 / 255.0)).collect()
}

/// `n` different images.
fn images(n: usize, (h, w, c): Shape) -> Images {
    Images::new((n, h, w, c), (0..n).flat_map(|i| picture((h, w, c), 29 * i)).collect()).unwrap()
}

/// All that can be done, and always.
fn everything() -> Augmentation {
    Augmentation {
        fill: Fill::Mean,
        stretch: true,
        downscaling: Some(Downscaling { probability: 1.0, from: 5, to: 9 }),
        erasing: Some(Erasing { probability: 1.0, ..Erasing::default() }),
        ..Augmentation::strong()
    }
}

#[track_caller]
fn assert_close(ours: &[f32], theirs: &[f32], tolerance: f32, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let off = |(a, b): (&f32, &f32)| if (a - b).is_nan() { f32::INFINITY } else { (a - b).abs() };
    let largest = ours.iter().zip(theirs).map(off).fold(0.0, f32::max);
    assert!(largest <= tolerance, "{what}: off by {largest}");
}

fn changed(transform: &Transform, shape: Shape) -> Vec<f32> {
    transform.apply(&images(1, shape)).unwrap().values().to_vec()
}

#[test]
fn rotation_zoom_and_shift_equal_scipy_keras_and_torchvision() {
    let golden = golden().moved;
    assert_eq!(golden.iter().map(|case| &case.by).collect::<HashSet<_>>().len(), 3);
    for Moved { by, shape, rotation, shift, zoom, fill, values } in golden {
        let transform = Transform { rotation, shift, zoom, fill, ..Transform::default() };
        let what = format!("{by}: {transform}, {shape:?}, {fill:?}");
        assert_close(&changed(&transform, shape), &values, 2e-5, &what);
    }
}

#[test]
fn contrast_and_brightness_equal_keras_and_torchvision() {
    let Golden { contrast, brightness, .. } = golden();
    assert!(contrast.len() >= 5 && brightness.len() >= 3);
    for case in contrast.iter().chain(&brightness) {
        let transform = Transform {
            contrast: case.contrast.unwrap_or(1.0),
            brightness: case.brightness.unwrap_or(0.0),
            ..Transform::default()
        };
        let what = format!("{}: {transform}, {:?}", case.by, case.shape);
        assert_close(&changed(&transform, case.shape), &case.values, 2e-6, &what);
    }
}

#[test]
fn downscaling_equals_pillow() {
    for case in golden().coarser {
        let transform = Transform { downscaled: case.side, ..Transform::default() };
        let what = format!("{}: {transform}, {:?}", case.by, case.shape);
        assert_close(&changed(&transform, case.shape), &case.values, 2e-6, &what);
    }
}

#[test]
fn downscaling_takes_the_fine_lines_and_leaves_the_mean_and_the_broad_ones() {
    const SIDE: usize = 96;
    // Lines of one pixel beside a wave as long as the picture, both from -1 to 1.
    let fine = |x: usize| if x.is_multiple_of(2) { 1.0 } else { -1.0 };
    let broad = |x: usize| (x as f32 * std::f32::consts::TAU / SIDE as f32).sin();
    let strength = |line: &dyn Fn(usize) -> f32, coarser: bool| {
        let values: Vec<f32> = (0..SIDE * SIDE).map(|i| 0.5 + line(i % SIDE)).collect();
        let image = Images::new((1, SIDE, SIDE, 1), values).unwrap();
        let downscaled = coarser.then_some(SIDE / 2);
        let after = Transform { downscaled, ..Transform::default() }.apply(&image).unwrap();
        let mean = after.values().iter().sum::<f32>() / (SIDE * SIDE) as f32;
        assert!((mean - 0.5).abs() < 1e-3, "the mean became {mean}");
        after.values().iter().map(|v| (v - mean).powi(2)).sum::<f32>() / (SIDE * SIDE) as f32
    };
    assert!(strength(&fine, false) > 0.99 && strength(&fine, true) < 0.01 * strength(&fine, false));
    assert!(strength(&broad, true) > 0.98 * strength(&broad, false));
}

#[test]
fn nothing_asked_is_nothing_done_to_the_bit() {
    let before = images(3, (6, 5, 3));
    let nothing = Augmentation { fill: Fill::White, stretch: true, ..Augmentation::default() };
    for augmentation in [Augmentation::default(), nothing] {
        for epoch in 1..20 {
            let after = augmentation.apply(&before, &[4, 0, 9], 1, epoch).unwrap();
            assert!(after.values().iter().zip(before.values()).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
    assert_eq!(Augmentation::default().transform((6, 5), 4, 1, 1).unwrap(), Transform::default());
    // Chances of 0 and a side that no image is above.
    let never = Augmentation {
        downscaling: Some(Downscaling { probability: 1.0, from: 6, to: 6 }),
        erasing: Some(Erasing { probability: 0.0, ..Erasing::default() }),
        ..Augmentation::default()
    };
    assert_eq!(never.apply(&before, &[1, 2, 3], 1, 1).unwrap(), before);
}

#[test]
fn flips_mirror_each_row_exactly_and_as_often_as_asked() {
    let shape = (4, 5, 3);
    let before = images(1, shape);
    let pixel = |values: &[f32], y: usize, x: usize| values[(y * 5 + x) * 3..][..3].to_vec();
    let after = changed(&Transform { flipped: true, ..Transform::default() }, shape);
    for (y, x) in (0..4).flat_map(|y| (0..5).map(move |x| (y, x))) {
        assert_eq!(pixel(&after, y, x), pixel(before.values(), y, 4 - x));
    }
    let flips = |flip: f64| {
        let augmentation = Augmentation { flip, ..Augmentation::default() };
        (0..1000).filter(|&id| augmentation.transform((4, 5), id, 1, 1).unwrap().flipped).count()
    };
    assert_eq!((flips(0.0), flips(1.0)), (0, 1000));
    // Four standard deviations of a coin thrown 1000 times.
    assert!(flips(0.25).abs_diff(250) < 55 && flips(0.5).abs_diff(500) < 63);
}

#[test]
fn every_choice_fills_its_range_evenly() {
    let drawn: Vec<Transform> = (0..2000).map(|id| everything().transform((20, 20), id, 5, 2).unwrap()).collect();
    let check = |name: &str, low: f64, high: f64, value: &dyn Fn(&Transform) -> f64| {
        let mut fractions: Vec<f64> = drawn.iter().map(|t| (value(t) - low) / (high - low)).collect();
        fractions.sort_by(f64::total_cmp);
        assert!(fractions[0] >= 0.0 && fractions[1999] <= 1.0, "{name} leaves its range");
        // Kolmogorov and Smirnov: 0.0364 is reached by chance once in a hundred times.
        let distance =
            fractions.iter().enumerate().map(|(i, fraction)| (fraction - i as f64 / 2000.0).abs()).fold(0.0, f64::max);
        assert!(distance < 0.0364, "{name} is not even: {distance}");
    };
    check("rotation", -15.0, 15.0, &|t| t.rotation);
    check("zoom of rows", 0.85, 1.15, &|t| t.zoom.0);
    check("zoom of columns", 0.85, 1.15, &|t| t.zoom.1);
    check("shift down", -0.1, 0.1, &|t| t.shift.0);
    check("shift right", -0.1, 0.1, &|t| t.shift.1);
    check("contrast", 0.8, 1.2, &|t| t.contrast);
    check("brightness", -0.1, 0.1, &|t| t.brightness);
    for side in 5..=9 {
        let count = drawn.iter().filter(|t| t.downscaled == Some(side)).count();
        assert!(count.abs_diff(400) < 80, "{count} of 2000 are reduced to {side}");
    }
    let kept = Augmentation { stretch: false, ..everything() };
    assert!((0..100).all(|id| {
        let zoom = kept.transform((20, 20), id, 5, 2).unwrap().zoom;
        zoom.0 == zoom.1
    }));
}

#[test]
fn erasing_covers_the_area_it_says() {
    let (h, w) = (80, 60);
    let size = (h * w) as f64;
    let erasing = Erasing { probability: 1.0, ..Erasing::default() };
    let augmentation = Augmentation { erasing: Some(erasing), ..Augmentation::default() };
    let before = images(1, (h, w, 2));
    let mean = [0, 1].map(|k| before.values().iter().skip(k).step_by(2).sum::<f32>() / size as f32);
    let (mut areas, mut places) = (Vec::new(), HashSet::new());
    for id in 0..300 {
        let after = augmentation.apply(&before, &[id], 1, 1).unwrap();
        let erased = |pixel: usize| (0..2).all(|k| (after.values()[2 * pixel + k] - mean[k]).abs() < 1e-4);
        let inside: Vec<(usize, usize)> = (0..h * w).filter(|&p| erased(p)).map(|p| (p / w, p % w)).collect();
        let (top, left) = inside[0];
        let (bottom, right) = *inside.last().unwrap();
        let (height, width) = (bottom - top + 1, right - left + 1);
        // A full rectangle, and nothing else has changed.
        assert_eq!(inside.len(), height * width);
        let same = before.values().iter().zip(after.values()).filter(|(a, b)| a == b).count();
        assert!(same >= 2 * (h * w - inside.len()));
        let drawn = augmentation.transform((h, w), id, 1, 1).unwrap().erased;
        assert_eq!(drawn, Some(Rectangle { top, left, height, width }));
        // Half a pixel of rounding at each side.
        let rounding = (height + width) as f64 / 2.0 + 0.25;
        let area = inside.len() as f64;
        assert!((0.02 * size - rounding..=0.33 * size + rounding).contains(&area), "{height} x {width}");
        let aspect = (height as f64 - 0.5) / (width as f64 + 0.5)..(height as f64 + 0.5) / (width as f64 - 0.5);
        assert!(aspect.start < 3.3 && aspect.end > 0.3, "{height} x {width}");
        areas.push(area / size);
        places.insert((top, left));
    }
    let mean_area = areas.iter().sum::<f64>() / 300.0;
    assert!((mean_area - 0.175).abs() < 0.02, "the mean fraction is {mean_area}");
    assert!(places.len() > 250, "only {} places", places.len());

    // Where the shape does not fit, another of the same area does: also the whole image.
    for (area, count) in [(0.5, 10), (1.0, 20)] {
        let whole = Erasing { probability: 1.0, area: (area, area), aspect: (0.3, 3.3) };
        let augmentation = Augmentation { erasing: Some(whole), ..Augmentation::default() };
        let erased = augmentation.transform((1, 20), 3, 1, 1).unwrap().erased.unwrap();
        assert_eq!((erased.height, erased.width), (1, count));
    }
}

#[test]
fn the_same_seed_epoch_and_photo_give_the_same_pixels_and_others_do_not() {
    let before = images(1, (12, 12, 1));
    let with = |id, seed, epoch| everything().apply(&before, &[id], seed, epoch).unwrap();
    assert_eq!(with(3, 1, 7), with(3, 1, 7));
    let mut seen = vec![with(3, 1, 7)];
    for (id, seed, epoch) in [(3, 1, 8), (3, 2, 7), (4, 1, 7), (7, 1, 3), (1, 3, 7), (3, 7, 1)] {
        let other = with(id, seed, epoch);
        assert!(!seen.contains(&other), "photo {id}, seed {seed}, epoch {epoch} is as another");
        seen.push(other);
    }
}

#[test]
fn a_photo_is_changed_alike_in_any_batch_and_on_any_threads() {
    let all = images(9, (11, 13, 3));
    let ids: Vec<usize> = (0..9).map(|i| 100 + i).collect();
    let whole =
        on_any_threads("augmentation", || vec![everything().apply(&all, &ids, 1, 4).unwrap().values().to_vec()]);
    let whole = Images::new(all.shape(), whole.concat()).unwrap();
    for batch in [vec![5], vec![8, 0, 3], vec![2, 2]] {
        let ids: Vec<usize> = batch.iter().map(|&i| ids[i]).collect();
        assert_eq!(everything().apply(&all.select(&batch), &ids, 1, 4).unwrap(), whole.select(&batch));
    }
}

#[test]
fn one_operation_does_not_change_what_another_does() {
    let all = everything().transform((20, 20), 8, 1, 1).unwrap();
    let without = Augmentation { rotation: 0.0, downscaling: None, flip: 0.0, ..everything() };
    let expected = Transform { rotation: 0.0, downscaled: None, flipped: false, ..all.clone() };
    assert_eq!(without.transform((20, 20), 8, 1, 1).unwrap(), expected);
    assert_ne!(all, expected);
}

#[test]
fn it_means_the_same_for_every_scaling() {
    let (n, shape) = (6, (14, 14, 3));
    let plain = images(n, shape);
    let ids: Vec<usize> = (0..n).collect();
    // To -1 to 1; and as ImageNet's weights expect it, each channel with a mean and a deviation of its own.
    let imagenet = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];
    for scaling in [[(0.5, 0.5); 3], imagenet] {
        let scaled = |images: &Images| {
            let values = images.values().iter().zip(scaling.iter().cycle()).map(|(v, (mean, by))| (v - mean) / by);
            Images::new(images.shape(), values.collect()).unwrap()
        };
        for fill in [Fill::Nearest, Fill::Mean, Fill::White] {
            let augmentation = Augmentation { fill, ..everything() };
            let ours = augmentation.apply(&scaled(&plain), &ids, 1, 1).unwrap();
            let expected = scaled(&augmentation.apply(&plain, &ids, 1, 1).unwrap());
            assert_close(ours.values(), expected.values(), 5e-5, &format!("{scaling:?}, {fill:?}"));
        }
    }
}

#[test]
fn values_stay_between_the_darkest_and_the_lightest() {
    for shape in [(1, 1, 1), (1, 9, 2), (9, 1, 1), (10, 10, 3)] {
        for augmentation in [Augmentation::strong(), Augmentation::cited_dcnn(), everything()] {
            for epoch in 0..50 {
                let before = images(2, shape);
                let after = augmentation.apply(&before, &[0, 1], 1, epoch).unwrap();
                assert_eq!(after.shape(), before.shape());
                let value = |i: usize, k: usize| before.image(i).iter().skip(k).step_by(shape.2).copied();
                for (i, k) in (0..2).flat_map(|i| (0..shape.2).map(move |k| (i, k))) {
                    let (low, high) = (value(i, k).fold(9.0, f32::min) - 1e-5, value(i, k).fold(-9.0, f32::max) + 1e-5);
                    let inside = |v: &f32| (low..=high).contains(v);
                    assert!(after.image(i).iter().skip(k).step_by(shape.2).all(inside), "{shape:?}, epoch {epoch}");
                }
            }
        }
    }
    // An image of one even grey stays that.
    let even = Images::new((1, 8, 8, 1), vec![0.3; 64]).unwrap();
    let after = everything().apply(&even, &[0], 1, 1).unwrap();
    assert_close(after.values(), even.values(), 1e-6, "even grey");
    // No image, and images of no pixel.
    for shape in [(0, 4, 4, 1), (2, 0, 4, 1), (2, 4, 4, 0)] {
        let none = Images::new(shape, vec![]).unwrap();
        let ids: Vec<usize> = (0..shape.0).collect();
        assert_eq!(everything().apply(&none, &ids, 1, 1).unwrap(), none);
    }
}

#[test]
fn lines_are_drawn_thicker_and_thinner() {
    // A dark dot, and a light one in the corner, on grey; two channels, the second of which is the first turned round.
    let plane = [0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5];
    let both: Vec<f32> = plane.iter().zip(plane.iter().rev()).flat_map(|(a, b)| [*a, *b]).collect();
    let image = Images::new((1, 3, 4, 2), both).unwrap();
    let redrawn = |weight| {
        let changed = Transform { line_weight: weight, ..Transform::default() }.apply(&image).unwrap();
        let plane = |k: usize| changed.values().iter().skip(k).step_by(2).copied().collect::<Vec<f32>>();
        let mut turned = plane(1);
        turned.reverse();
        assert_eq!(plane(0), turned);
        plane(0)
    };
    // scipy.ndimage.grey_erosion(plane, size=(3, 3), mode="nearest"), and grey_dilation.
    let (dark, grey, light) = (0.1, 0.5, 0.9);
    let thicker = [grey, dark, dark, dark, grey, dark, dark, dark, grey, dark, dark, dark];
    let thinner = [light, light, grey, grey, light, light, grey, grey, grey, grey, grey, grey];
    assert_close(&redrawn(1.0), &thicker, 1e-6, "thicker");
    assert_close(&redrawn(-1.0), &thinner, 1e-6, "thinner");
    let between: Vec<f32> = plane.iter().zip(thicker).map(|(from, to)| from + 0.25 * (to - from)).collect();
    assert_close(&redrawn(0.25), &between, 1e-6, "a quarter");

    let often = Augmentation { line_weight: 0.6, ..Augmentation::default() };
    let drawn: Vec<Transform> = (0..1000).map(|id| often.transform((20, 20), id, 1, 1).unwrap()).collect();
    let count = |range: std::ops::Range<f64>| drawn.iter().filter(|t| range.contains(&t.line_weight)).count();
    assert!(count(1e-9..1.0).abs_diff(300) < 58 && count(-1.0..-1e-9).abs_diff(300) < 58);
    assert!(drawn.iter().any(|t| t.to_string().ends_with("thinner")));
    // The product of two even numbers is below 0.25 with probability 0.25 (1 + ln 4), 0.597.
    let small = count(1e-9..0.25) + count(-0.25..-1e-9);
    assert!((small as f64 / (count(1e-9..1.0) + count(-1.0..-1e-9)) as f64 - 0.597).abs() < 0.08);
    // Another choice changes nothing of what was drawn before there was this one.
    let with = Augmentation { line_weight: 0.6, ..Augmentation::strong() };
    for id in 0..50 {
        let drawn = with.transform((160, 160), id, 1, 1).unwrap();
        let without = Augmentation::strong().transform((160, 160), id, 1, 1).unwrap();
        assert_eq!(Transform { line_weight: 0.0, ..drawn }, without);
    }
    // Settings that do not use it are written as before.
    assert!(!serde_json::to_string(&Augmentation::strong()).unwrap().contains("line_weight"));
}

#[test]
fn the_named_ones_do_what_their_source_says() {
    let cited = Augmentation::cited_dcnn();
    assert_eq!((cited.flip, cited.rotation, cited.zoom, cited.shift), (0.5, 30.0, 0.2, 0.1));
    assert_eq!((cited.contrast, cited.brightness, &cited.downscaling, &cited.erasing), (0.0, 0.0, &None, &None));
    let strong = Augmentation::strong();
    assert_eq!((strong.flip, strong.rotation, strong.zoom, strong.shift), (0.5, 15.0, 0.15, 0.1));
    assert_eq!((strong.contrast, strong.brightness), (0.2, 0.1));
    assert_eq!(strong.downscaling, Some(Downscaling { probability: 0.5, from: 64, to: 128 }));
    assert_eq!(strong.erasing.as_ref().unwrap().probability, 0.5);
    let drawn: Vec<_> = (0..1000).map(|id| strong.transform((160, 160), id, 1, 1).unwrap()).collect();
    assert!(drawn.iter().filter(|t| t.downscaled.is_some()).count().abs_diff(500) < 63);
    assert!(drawn.iter().filter(|t| t.erased.is_some()).count().abs_diff(500) < 63);
}

#[test]
fn settings_that_cannot_work_are_named() {
    let none = Augmentation::default();
    let erasing = |erasing| Augmentation { erasing: Some(erasing), ..Augmentation::default() };
    let coarser = |downscaling| Augmentation { downscaling: Some(downscaling), ..Augmentation::default() };
    for (wrong, words) in [
        (Augmentation { flip: 1.1, ..none.clone() }, "flip is 1.1"),
        (Augmentation { rotation: -1.0, ..none.clone() }, "rotation is -1"),
        (Augmentation { rotation: 181.0, ..none.clone() }, "rotation is 181"),
        (Augmentation { zoom: 1.0, ..none.clone() }, "zoom is 1"),
        (Augmentation { zoom: f64::NAN, ..none.clone() }, "zoom is NaN"),
        (Augmentation { shift: 1.5, ..none.clone() }, "shift is 1.5"),
        (Augmentation { line_weight: 1.5, ..none.clone() }, "line_weight is 1.5"),
        (Augmentation { contrast: 2.0, ..none.clone() }, "contrast is 2"),
        (Augmentation { brightness: -0.1, ..none.clone() }, "brightness is -0.1"),
        (erasing(Erasing { probability: 2.0, ..Erasing::default() }), "erasing.probability is 2"),
        (erasing(Erasing { area: (0.5, 0.2), ..Erasing::default() }), "erasing.area is 0.2"),
        (erasing(Erasing { area: (0.5, 1.2), ..Erasing::default() }), "erasing.area is 1.2"),
        (erasing(Erasing { aspect: (0.0, 1.0), ..Erasing::default() }), "erasing.aspect is 0 to 1"),
        (coarser(Downscaling { probability: -1.0, ..Downscaling::default() }), "downscaling.probability is -1"),
        (coarser(Downscaling { from: 0, ..Downscaling::default() }), "downscaling is from 0 to 128"),
        (coarser(Downscaling { from: 200, ..Downscaling::default() }), "downscaling is from 200 to 128"),
    ] {
        for error in [
            wrong.apply(&images(1, (4, 4, 1)), &[0], 1, 1).unwrap_err(),
            wrong.transform((4, 4), 0, 1, 1).unwrap_err(),
            wrong.check().unwrap_err(),
        ] {
            assert!(matches!(&error, Error::Invalid(message) if message.contains(words)), "{words:?} not in: {error}");
        }
    }
    for named in [Augmentation::default(), Augmentation::cited_dcnn(), Augmentation::strong()] {
        named.check().unwrap();
    }
}

#[test]
fn images_that_cannot_be_changed_are_errors() {
    let two = images(2, (4, 4, 1));
    let error = Augmentation::strong().apply(&two, &[1], 1, 1).unwrap_err().to_string();
    assert!(error.contains("1 numbers of photos for 2 images"), "{error}");

    for wrong in [f32::NAN, f32::INFINITY] {
        let values = [two.values(), &[vec![0.0; 15], vec![wrong]].concat()].concat();
        let three = Images::new((3, 4, 4, 1), values).unwrap();
        let error = Augmentation::strong().apply(&three, &[7, 8, 9], 1, 1).unwrap_err().to_string();
        assert!(error.contains("photo 9"), "{error}");
        assert!(Transform::default().apply(&three).is_err());
    }

    for wrong in [
        Transform { rotation: f64::NAN, ..Transform::default() },
        Transform { shift: (0.0, f64::INFINITY), ..Transform::default() },
        Transform { zoom: (1.0, 0.0), ..Transform::default() },
        Transform { contrast: -1.0, ..Transform::default() },
        Transform { downscaled: Some(0), ..Transform::default() },
    ] {
        assert!(wrong.apply(&two).unwrap_err().to_string().contains("cannot be changed"), "{wrong:?}");
    }
    // A rectangle beyond the image is cut off at its edge.
    let part = Rectangle { top: 3, left: 2, height: 10, width: 10 };
    let after = Transform { erased: Some(part), ..Transform::default() }.apply(&two).unwrap();
    assert_eq!(after.image(0)[..14], two.image(0)[..14]);
    assert_eq!(after.image(0)[14], after.image(0)[15]);
}

#[test]
fn it_reads_back_from_json_and_refuses_what_it_does_not_know() {
    for augmentation in [Augmentation::strong(), Augmentation::cited_dcnn(), everything()] {
        let json = serde_json::to_string(&augmentation).unwrap();
        assert_eq!(serde_json::from_str::<Augmentation>(&json).unwrap(), augmentation, "{json}");
    }
    let read = serde_json::from_str::<Augmentation>;
    assert_eq!(read("{}").unwrap(), Augmentation::default());
    let short = read(r#"{"rotation": 10, "erasing": {"probability": 0.3}, "fill": "white"}"#).unwrap();
    assert_eq!((short.rotation, short.fill), (10.0, Fill::White));
    assert_eq!(short.erasing, Some(Erasing { probability: 0.3, ..Erasing::default() }));
    for unknown in [r#"{"rotate": 10}"#, r#"{"erasing": {"chance": 1}}"#, r#"{"downscaling": {"side": 1}}"#] {
        assert!(read(unknown).unwrap_err().to_string().contains("unknown field"));
    }
}
