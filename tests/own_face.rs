//! Photos of one's own, what is said of them, and the answers to exercises about networks and their explanations.

mod common;
#[path = "common/explained.rs"]
mod explained;
#[path = "common/svg.rs"]
mod svg;

use explained::{invalid, striped, stripes_network};
use manga_expressions::Error;
use manga_expressions::lessons::exercises::{maps, networks, your_own_face};
use manga_expressions::prelude::*;
use manga_expressions::show::plots;
use manga_expressions::training::Predictions;

#[test]
fn a_part_of_a_photo_is_cut_out() {
    let photo = Photo::from_grey("steps", 4, 3, (0..12).collect()).unwrap();
    let part = photo.cropped(&Rectangle { top: 1, left: 2, height: 2, width: 2 }).unwrap();
    assert_eq!((part.grey(), part.width(), part.name()), (&[6, 7, 10, 11][..], 2, "steps"));
    assert!(invalid(photo.cropped(&Rectangle { top: 2, left: 0, height: 2, width: 1 })).contains("3 rows"));
    assert_eq!(Rectangle::middle_square((3, 6)), Rectangle { top: 0, left: 1, height: 3, width: 3 });

    let face = Photo::open_or_draw("", "happy", 7).unwrap();
    assert_eq!(face.width(), face.height());
    assert!(invalid(Photo::open_or_draw("", "bored", 7)).contains("bored"));
    assert!(matches!(Photo::open_or_draw("no/such.png", "happy", 7), Err(Error::Data(_))));
    let prepared = Preparation::default().images(std::slice::from_ref(&face)).unwrap();
    svg::check(&plots::photo_crop(&face, &Rectangle::middle_square((240, 240)), &prepared).unwrap());
}

#[test]
fn prepared_images_are_classified_like_photos() {
    let preparation = Preparation { size: 18, ..Preparation::default() };
    let classes = ["rows", "columns"].map(String::from);
    let mut classifier = Classifier::new(stripes_network(), &preparation, &classes).unwrap();
    let photo = Photo::open_or_draw("", "sad", 1).unwrap();
    let image = preparation.images(std::slice::from_ref(&photo)).unwrap();
    let by_image = classifier.classify_images(&image, &[photo.name()]).unwrap();
    assert_eq!(by_image, classifier.classify(&[photo]).unwrap());
    svg::check(&plots::probabilities(&classes, &by_image[0].probabilities).unwrap());
    svg::check(&plots::image_row("one", &image, &["a face"]).unwrap());
    assert!(plots::image_row("one", &image, &["a", "b"]).is_err());
    assert_eq!(Table::classifications(&classes, &by_image).unwrap().rows(), 2);
    assert!(invalid(classifier.classify_images(&image, &[])).contains("0 names for 1 images"));
    assert!(invalid(Classifier::new(stripes_network(), &Preparation::default(), &classes)).contains("100 x 100"));
    assert!(invalid(Classifier::new(stripes_network(), &preparation, &classes[..1])).contains("1 names"));
}

/// Four photos: sure and right, sure and wrong, half sure and right, unsure and right.
fn predictions() -> Predictions {
    let sure = [0.9, 0.95, 0.6, 0.4];
    Predictions {
        classes: ["a", "b", "c"].map(String::from).to_vec(),
        names: (0..4).map(|n| n.to_string()).collect(),
        truth: vec![0, 1, 0, 0],
        predicted: vec![0; 4],
        probabilities: sure.iter().map(|&p: &f32| vec![p, (1.0 - p) / 2.0, (1.0 - p) / 2.0]).collect(),
        loss: 0.5,
        accuracy: 0.75,
    }
}

#[test]
fn photos_are_sorted_by_how_sure_the_network_is() {
    let bins = confidence(&predictions(), &[0.0, 0.5, 0.8, 1.0]).unwrap();
    let counts: Vec<_> = bins.iter().map(|bin| (bin.photos, bin.correct)).collect();
    assert_eq!(counts, [(1, 1), (1, 1), (2, 1)]);
    assert!((bins[2].confidence.unwrap() - 0.925).abs() < 1e-6);
    assert_eq!(bins[2].interval, Some(Interval::wilson(1, 2).unwrap()));
    let empty = confidence(&predictions(), &[0.0, 0.1]).unwrap();
    assert_eq!((empty[0].photos, empty[0].confidence, empty[0].interval), (0, None, None));
    assert_eq!(Table::confidence(&bins).unwrap().rows(), 3);
    assert!(invalid(confidence(&predictions(), &[0.5, 0.5])).contains("ascend"));
}

#[test]
fn answers_are_judged_by_what_the_notebook_has() {
    let image = Images::new((1, 3, 3, 1), vec![0.0, 0.5, 1.0, 0.0, 0.5, 1.0, 0.0, 0.5, 1.0]).unwrap();
    let vertical = [1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0];
    let pixel = |answer| networks::rectified_pixel(&image, &vertical, 1, 1, answer).unwrap();
    assert!(pixel(0.0).is_right());
    assert!(pixel(-3.0).to_string().contains("ReLU") && pixel(3.0).to_string().contains("turned"));
    assert!(pixel(f64::NAN).to_string().contains("f64::NAN"));

    let vgg = by_name("vgg16", (32, 32, 3), 7, 1).unwrap();
    assert!(networks::parameters(&vgg, "features.2", 36_928.0).unwrap().is_right());
    assert!(networks::parameters(&vgg, "features.2", 36_864.0).unwrap().to_string().contains("bias"));
    assert!(networks::multiply_adds(&vgg, "features.2", 32.0 * 32.0 * 36_864.0).unwrap().is_right());
    assert!(!networks::multiply_adds(&vgg, "features.2", 36_864.0).unwrap().is_right());
    assert!(invalid(networks::parameters(&vgg, "conv", 1.0)).contains("no layer"));

    // Stripes in the bottom left.
    let map = grad_cam(&stripes_network(), &striped(2), 0, None).unwrap();
    let fraction = map.fraction_in(&Rectangle::bottom_half((18, 18))).unwrap();
    assert!(maps::heat_in_bottom_half(&map, fraction).unwrap().is_right());
    assert!(maps::heat_in_bottom_half(&map, 100.0 * fraction).unwrap().to_string().contains("percent"));
    let top = grad_cam(&stripes_network(), &striped(0), 0, None).unwrap();
    let alike = map.correlation(&top).unwrap().unwrap();
    assert!(alike < 0.0 && maps::sanity(&map, &top, alike).unwrap().is_right());
    assert!(!maps::sanity(&map, &map, 1.0).unwrap().is_right());

    let images = LabelledImages {
        images: Images::joined(&[&striped(2), &striped(3), &striped(2)]).unwrap(),
        labels: vec![0; 3],
        classes: ["rows", "columns"].map(String::from).to_vec(),
        names: vec!["x".into(); 3],
    };
    let halves = [Rectangle::bottom_half((18, 18)), Rectangle::top_half((18, 18))];
    let covering = cover(&stripes_network(), &images, &["bottom", "top"], &halves).unwrap();
    assert!(maps::decided(&covering, "rows", 0, 1, 1.0).unwrap().is_right());
    assert!(maps::decided(&covering, "rows", 1, 0, -1.0).unwrap().is_right());
    assert!(!maps::decided(&covering, "rows", 0, 1, 0.0).unwrap().is_right());

    let classes = ["rows", "columns"].map(String::from);
    let preparation = Preparation { size: 18, ..Preparation::default() };
    let mut classifier = Classifier::new(stripes_network(), &preparation, &classes).unwrap();
    let said = classifier.classify_images(&striped(1), &["stripes"]).unwrap().remove(0);
    assert!(your_own_face::one_of(&said, &classes, &["rows", "columns"], 1.0).unwrap().is_right());
    let odds = f64::from(said.top[0].probability) / f64::from(said.top[1].probability);
    assert!(your_own_face::odds(&said, odds).unwrap().is_right());
    assert!(your_own_face::fraction_right(&predictions(), 0.5, 2.0 / 3.0).unwrap().is_right());
    assert!(!your_own_face::fraction_right(&predictions(), 0.5, 0.75).unwrap().is_right());
    assert!(!your_own_face::fraction_right(&predictions(), 0.99, 0.5).unwrap().is_right());
}
