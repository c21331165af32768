//! Figures: that they show what they were given, legibly, and refuse what they cannot show.

#[path = "common/svg.rs"]
mod svg;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use manga_expressions::data::{Augmentation, Dataset, Downscaling, Preparation, Scaling};
use manga_expressions::faces::FaceSet;
use manga_expressions::metrics::{Baseline, ConfusionMatrix, Interval};
use manga_expressions::show::plots::{
    Figure, Picture, PreparationSteps, augmentations, class_counts, confusion_matrix, learning_curves,
    learning_curves_of, learning_rate_finder, neighbour_accuracy, preparation_steps, sample_faces,
};
use manga_expressions::study::neighbours::{Distance, NeighbourAccuracy, NeighbourScore};
use manga_expressions::training::{Epoch, History, RateCurve, RateRange};
use svg::{attributes, check, texts};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| n.to_string()).collect()
}

fn history(epochs: usize, loss: fn(usize) -> f64) -> History {
    let epoch = |epoch: usize| Epoch {
        epoch,
        train_loss: 2.0 / epoch as f64,
        train_accuracy: 1.0 - 1.0 / (1 + epoch) as f64,
        validation_loss: Some(loss(epoch)),
        validation_accuracy: Some(0.5),
        learning_rate: 0.001,
        seconds: 1.0,
        cpu_seconds: 1.0,
    };
    History { epochs: (1..=epochs).map(epoch).collect(), best_epoch: Some(3.min(epochs)), stopped: None }
}

#[test]
fn bars_are_as_long_as_the_counts() {
    let figure = class_counts(&names(&["sad", "happy", "empty"]), &[50, 100, 0]).unwrap();
    check(&figure);
    assert_eq!(figure.width(), 900);
    // The first box is the background.
    let widths: Vec<i32> = attributes(figure.svg(), "rect", "width")[1..].iter().map(|w| w.parse().unwrap()).collect();
    assert!((widths[1] - 2 * widths[0]).abs() <= 2 && widths[2] <= 1, "{widths:?}");
    for text in ["sad", "happy", "50 (33.3 %)", "100 (66.7 %)", "0 (0.0 %)"] {
        assert!(texts(&figure).iter().any(|t| t == text), "{text} in {:?}", texts(&figure));
    }
}

#[test]
fn the_confusion_matrix_shows_every_count_and_both_axes() {
    let matrix = ConfusionMatrix::new(&[0, 0, 1, 1, 1], &[0, 1, 1, 1, 1], &names(&["sad", "happy"])).unwrap();
    let figure = confusion_matrix(&matrix).unwrap();
    check(&figure);
    let texts = texts(&figure);
    assert_eq!(texts[1..5], ["1", "1", "0", "3"], "the counts, row by row");
    for text in ["true class", "predicted class"] {
        assert!(texts.iter().any(|t| t == text));
    }
    // Each class is named once at its row and once at its column.
    assert_eq!(texts.iter().filter(|t| *t == "happy").count(), 2);
    // A full row is darkest, an empty cell white, and the two halves of a row are alike.
    let fills = attributes(figure.svg(), "rect", "fill");
    let cells: Vec<&str> = fills[1..].iter().filter(|f| **f != "none").take(4).copied().collect();
    assert_eq!(cells[0], cells[1]);
    assert_eq!((cells[2], cells[3]), ("#FFFFFF", "#08306B"));
}

#[test]
fn many_classes_with_long_names_still_fit() {
    let classes: Vec<String> = (0..30).map(|i| format!("a rather long name of class {i}")).collect();
    let labels: Vec<usize> = (0..30).collect();
    let figure = confusion_matrix(&ConfusionMatrix::new(&labels, &labels, &classes).unwrap()).unwrap();
    check(&figure);
}

#[test]
fn learning_curves_have_both_panels_whole_epochs_and_the_best() {
    let figure = learning_curves(&history(10, |e| 2.0 + 0.1 * e.abs_diff(3) as f64)).unwrap();
    check(&figure);
    assert_eq!(figure.width(), 900);
    let texts = texts(&figure);
    for text in ["Loss", "Accuracy", "training", "validation", "best epoch 3", "epoch", "10", "100 %"] {
        assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
    }
    // Two curves and their dots in each of two panels; a ring for the best epoch in each and in the legend.
    assert_eq!(attributes(figure.svg(), "polyline", "points").iter().filter(|p| p.split(' ').count() >= 10).count(), 4);
    assert_eq!(attributes(figure.svg(), "circle", "r").iter().filter(|r| **r == "6").count(), 3);
}

#[test]
fn the_epoch_that_was_kept_is_called_best_only_if_it_is() {
    let mut history = history(6, |e| 2.0 + 0.1 * e.abs_diff(3) as f64);
    for epoch in &mut history.epochs {
        epoch.validation_accuracy = Some(if epoch.epoch == 4 { 0.6 } else { 0.5 });
    }
    let called = |best, history: &History| {
        let figure = learning_curves(&History { best_epoch: Some(best), ..history.clone() }).unwrap();
        texts(&figure).into_iter().find(|t| t.contains("epoch ")).unwrap()
    };
    assert_eq!(called(3, &history), "best epoch 3", "the lowest loss");
    assert_eq!(called(4, &history), "best epoch 4", "the highest accuracy");
    assert_eq!(called(6, &history), "weights kept: epoch 6");
}

#[test]
fn a_training_of_one_epoch_and_one_without_validation_are_drawn() {
    check(&learning_curves(&history(1, |_| 2.0)).unwrap());
    let mut without = history(5, |_| 2.0);
    for epoch in &mut without.epochs {
        (epoch.validation_loss, epoch.validation_accuracy) = (None, None);
    }
    let figure = learning_curves(&without).unwrap();
    check(&figure);
    assert!(!texts(&figure).iter().any(|t| t == "validation"));
}

#[test]
fn a_few_huge_losses_make_the_axis_logarithmic_and_it_says_so() {
    let figure = learning_curves(&history(20, |e| if e == 1 { 500.0 } else { 2.0 })).unwrap();
    check(&figure);
    assert!(texts(&figure).iter().any(|t| t == "Loss (logarithmic scale)"));
    assert!(texts(&figure).iter().any(|t| t == "100"));
}

#[test]
fn a_loss_that_is_not_a_number_is_named() {
    let figure = learning_curves(&history(6, |e| if e == 4 { f64::NAN } else { 2.0 })).unwrap();
    check(&figure);
    assert!(texts(&figure).iter().any(|t| t == "Loss (not a number in epoch 4)"));
    assert!(!figure.svg().contains("NaN"));
    check(&learning_curves(&history(2, |_| f64::INFINITY)).unwrap());
}

#[test]
fn several_trainings_have_a_colour_each() {
    let runs = [history(10, |_| 2.0), history(7, |_| 3.0), history(12, |_| 2.5)];
    let figure = learning_curves_of(&names(&["seed 1", "seed 2", "seed 3"]), &runs).unwrap();
    check(&figure);
    for (name, colour) in [("seed 1", "#0072B2"), ("seed 2", "#D55E00"), ("seed 3", "#009E73")] {
        assert!(texts(&figure).iter().any(|t| *t == format!("{name} (best: 3)")));
        assert!(attributes(figure.svg(), "polyline", "stroke").contains(&colour));
    }
}

#[test]
fn sample_faces_are_embedded_without_loss() {
    let picture = Picture::grey(2, 3, &[0, 50, 100, 150, 200, 255]).unwrap();
    let figure = sample_faces(&names(&["sad", "happy"]), &[vec![picture.clone()], vec![]]).unwrap();
    check(&figure);
    let images = attributes(figure.svg(), "image", "href");
    assert_eq!(images.len(), 1);
    let png = BASE64_STANDARD.decode(images[0].strip_prefix("data:image/png;base64,").unwrap()).unwrap();
    let decoded = image::load_from_memory(&png).unwrap().to_luma8();
    assert_eq!((decoded.dimensions(), decoded.into_raw()), ((2, 3), vec![0, 50, 100, 150, 200, 255]));
    // The proportions are kept: 2 to 3.
    let side = |name| attributes(figure.svg(), "image", name)[0].parse::<f64>().unwrap();
    assert!((side("width") / side("height") - 2.0 / 3.0).abs() < 0.01);
}

#[test]
fn large_photos_are_reduced_to_what_is_shown() {
    let photo = Picture::rgb(1200, 600, &vec![128; 1200 * 600 * 3]).unwrap();
    let figure = sample_faces(&names(&["sad"]), &[vec![photo]]).unwrap();
    let data = attributes(figure.svg(), "image", "href")[0].split_once(',').unwrap().1;
    let decoded = image::load_from_memory(&BASE64_STANDARD.decode(data).unwrap()).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (200, 100));
    assert!(decoded.to_rgb8().iter().all(|&v| v == 128));
}

fn steps() -> PreparationSteps {
    // Black but for one bright pixel in row 20, column 30.
    let mut pixels = vec![0; 40 * 50];
    pixels[20 * 50 + 30] = 200;
    PreparationSteps {
        original: Picture::rgb(60, 80, &[90; 60 * 80 * 3]).unwrap(),
        grey: Picture::grey(60, 80, &[90; 60 * 80]).unwrap(),
        resized: Picture::grey(50, 40, &pixels).unwrap(),
        normalised: pixels.iter().map(|&v| f32::from(v) / 255.0).collect(),
        label: 3,
        class: "angry".into(),
    }
}

#[test]
fn the_preparation_shows_where_the_picture_is_not_plain() {
    let figure = preparation_steps(&steps()).unwrap();
    check(&figure);
    let texts = texts(&figure);
    assert_eq!(texts.iter().filter(|t| *t == "200").count(), 1);
    assert_eq!(texts.iter().filter(|t| *t == "0.78").count(), 1, "200 / 255");
    assert_eq!(texts.iter().filter(|t| *t == "0").count(), 35);
    for text in ["60 x 80 pixels", "50 x 40 pixels", "angry", "3"] {
        assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
    }
    assert_eq!(attributes(figure.svg(), "image", "href").len(), 3);
    // The frame lies over the picture: it is drawn after it.
    let svg = figure.svg();
    assert!(svg.rfind("<image").unwrap() < svg.find("#D55E00").unwrap());
}

/// The pixels of each picture in a figure.
fn pictures(figure: &Figure) -> Vec<image::GrayImage> {
    let png = |url: &str| BASE64_STANDARD.decode(url.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
    let urls = attributes(figure.svg(), "image", "href");
    urls.into_iter().map(|url| image::load_from_memory(&png(url)).unwrap().to_luma8()).collect()
}

#[test]
fn augmentation_shows_each_operation_alone_and_all_together() {
    let data = Dataset::from_faces(&FaceSet::new(7, 1)).unwrap();
    let preparation = Preparation { size: 40, ..Preparation::default() };
    let strong = Augmentation {
        downscaling: Some(Downscaling { probability: 0.5, from: 10, to: 20 }),
        ..Augmentation::strong()
    };
    let figure = augmentations(&data, 2, &preparation, &strong, 1).unwrap();
    check(&figure);
    let said = texts(&figure);
    let operations = ["down-scaling", "rotation", "shift", "zoom", "flip", "contrast", "brightness", "erasing"];
    for text in ["prepared", "40 x 40 pixels", "mirrored", "epoch 1", "epoch 5"].iter().chain(&operations) {
        assert!(said.iter().any(|t| t == text), "{text} in {said:?}");
    }
    let shown = pictures(&figure);
    assert_eq!(shown.len(), 1 + operations.len() + 5);
    // The photo as it was prepared; mirrored at the place of the flip; and each picture another.
    let prepared = preparation.images(&data.photos()[2..3]).unwrap();
    let pixels: Vec<u8> = prepared.values().iter().map(|v| (v * 255.0).round() as u8).collect();
    assert_eq!(shown[0].as_raw(), &pixels);
    assert_eq!(shown[5], image::imageops::flip_horizontal(&shown[0]));
    for (i, picture) in shown.iter().enumerate() {
        assert!(!shown[..i].contains(picture), "picture {i} is as one before");
    }
    // Together: what training sees in the third epoch.
    let third = strong.apply(&prepared, &[2], 1, 3).unwrap();
    let pixels: Vec<u8> = third.values().iter().map(|v| (v * 255.0).round() as u8).collect();
    assert_eq!(shown[1 + operations.len() + 2].as_raw(), &pixels);

    // Channels and scaling are not seen; the seed is.
    let other = Preparation { scaling: Scaling::MinusOneToOne, channels: 3, ..preparation.clone() };
    assert_eq!(augmentations(&data, 2, &other, &strong, 1).unwrap(), figure);
    assert_ne!(augmentations(&data, 2, &preparation, &strong, 2).unwrap(), figure);

    let flips = Augmentation { flip: 0.5, stretch: true, ..Augmentation::default() };
    assert_eq!(pictures(&augmentations(&data, 2, &preparation, &flips, 1).unwrap()).len(), 2 + 5);
}

#[test]
fn names_of_folders_cannot_break_the_image() {
    let figure = class_counts(&names(&["<b>&\"'", "line\nbreak\u{1}", "怒り"]), &[1, 2, 3]).unwrap();
    check(&figure);
    assert!(figure.svg().contains("&lt;b&gt;&amp;"));
    assert!(!figure.svg().contains('\u{1}'));
}

#[test]
fn stacked_figures_lie_below_each_other() {
    let figure = class_counts(&names(&["sad"]), &[1]).unwrap();
    let other = learning_curves(&history(3, |_| 1.0)).unwrap();
    let both = Figure::stacked(&[&figure, &other]);
    assert_eq!((both.width(), both.height()), (900, figure.height() + other.height()));
    assert!(both.svg().contains(&format!("<svg y=\"{}\" role", figure.height())));
    assert_eq!(both.title(), "Photos per class; Learning curves");
}

#[test]
fn a_figure_is_saved_as_it_is() {
    let figure = class_counts(&names(&["sad"]), &[1]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("counts.svg");
    figure.save(path.to_str().unwrap()).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), figure.svg());
    let error = figure.save("no/such/folder/counts.svg").unwrap_err().to_string();
    assert!(error.starts_with("cannot write no/such/folder/counts.svg"), "{error}");
}

#[test]
fn what_cannot_be_drawn_is_an_error_that_says_why() {
    let refused = |result: manga_expressions::Result<Figure>, why: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("cannot make the figure") && error.contains(why), "{error}");
    };
    refused(class_counts(&[], &[]), "0 classes");
    refused(class_counts(&names(&["sad"]), &[1, 2]), "1 classes and 2 counts");
    refused(learning_curves(&History::default()), "no epoch");
    refused(learning_curves_of(&[], &[]), "no epoch");
    refused(learning_curves_of(&names(&["a"]), &[]), "1 names for 0 trainings");
    refused(sample_faces(&names(&["sad"]), &[vec![]]), "0 at most");
    refused(sample_faces(&names(&["sad"]), &[]), "1 classes");
    refused(preparation_steps(&PreparationSteps { normalised: vec![0.0; 9], ..steps() }), "9 normalised");
    let tiny =
        PreparationSteps { resized: Picture::grey(5, 5, &[0; 25]).unwrap(), normalised: vec![0.0; 25], ..steps() };
    refused(preparation_steps(&tiny), "5 x 5");

    let data = Dataset::from_faces(&FaceSet::new(7, 1)).unwrap();
    let augmented = |index, change| augmentations(&data, index, &Preparation::default(), &change, 1);
    refused(augmented(0, Augmentation::default()), "no operation");
    let error = |index, change| augmented(index, change).unwrap_err().to_string();
    assert!(error(7, Augmentation::strong()).contains("no photo 7"));
    assert!(error(0, Augmentation { zoom: 2.0, ..Augmentation::default() }).contains("zoom is 2"));

    assert!(Picture::grey(2, 2, &[0; 3]).unwrap_err().to_string().contains("3 values are no picture of 2 x 2"));
    assert!(Picture::grey(0, 0, &[]).is_err());
}

fn rate_curve(seed: u64) -> RateCurve {
    let at = |step: usize| step as f64 - seed as f64;
    let loss = |step| 2.0 - 1.0 / (1.0 + f64::exp(8.0 - 0.2 * at(step))) + f64::exp(at(step) - 92.0);
    let losses: Vec<f64> = (0..100).map(loss).collect();
    RateCurve::from_losses("small", seed, &RateRange::default(), &losses).unwrap()
}

#[test]
fn rates_are_on_a_logarithmic_axis_with_what_the_rules_suggest() {
    let curve = rate_curve(1);
    let figure = learning_rate_finder(std::slice::from_ref(&curve)).unwrap();
    check(&figure);
    let texts = texts(&figure);
    for text in ["1e-7", "1e-3", "0.1", "1", "loss", "learning rate (logarithmic scale)", "small, seed 1"] {
        assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
    }
    for found in curve.suggestions() {
        let text = format!("{} {:.1e}", found.rule, found.rate);
        assert!(texts.contains(&text), "{text} in {texts:?}");
    }
    assert_eq!(curve.suggestions().len(), 4);
    // A decade is as wide as any other.
    let ticks: Vec<(i32, String)> = ["1e-6", "1e-5", "1e-4"].map(|text| (tick(&figure, text), text.into())).to_vec();
    assert!((ticks[1].0 - ticks[0].0 - (ticks[2].0 - ticks[1].0)).abs() <= 1 && ticks[1].0 > ticks[0].0, "{ticks:?}");
    // The last raw losses are far above the smoothed ones, and not drawn: all lines are inside.
    for points in attributes(figure.svg(), "polyline", "points") {
        let at = |point: &str| point.split_once(',').unwrap().1.parse::<i32>().unwrap();
        assert!(points.split_whitespace().all(|p| (0..=figure.height() as i32).contains(&at(p))));
    }
}

/// Where the text stands, in pixels from the left.
fn tick(figure: &Figure, text: &str) -> i32 {
    let at = texts(figure).iter().position(|t| t == text).unwrap();
    attributes(figure.svg(), "text", "x")[at].parse().unwrap()
}

#[test]
fn several_curves_of_rates_fraction_a_figure() {
    let curves = [rate_curve(1), rate_curve(2), rate_curve(3)];
    let figure = learning_rate_finder(&curves).unwrap();
    check(&figure);
    for text in ["small, seed 1", "small, seed 2", "small, seed 3", "valley", "slide", "minimum", "steep"] {
        assert!(texts(&figure).iter().any(|t| t == text), "{text}");
    }
    assert!(learning_rate_finder(&[]).is_err());
    let empty = RateCurve { rates: Vec::new(), losses: Vec::new(), smoothed: Vec::new(), ..rate_curve(1) };
    assert!(learning_rate_finder(&[empty]).is_err());
}

#[test]
fn accuracy_against_k_has_bands_and_the_majority() {
    let score = |k: usize| NeighbourScore {
        k,
        accuracy: 0.3 + 0.001 * k as f64,
        interval: Interval { low: 0.25, high: 0.4 },
        predicted: Vec::new(),
    };
    let result = |features: &str| NeighbourAccuracy {
        features: features.into(),
        distance: Distance::Euclidean,
        images: 455,
        repeats: 5,
        scores: (1..=50).map(score).collect(),
        baseline: Baseline { class: "shock".into(), accuracy: 0.224 },
    };
    let figure = neighbour_accuracy(&[result("pixels"), result("HOG")]).unwrap();
    check(&figure);
    let texts = texts(&figure);
    let shown =
        ["pixels (highest: 35.0 %, k = 50)", "HOG (highest: 35.0 %, k = 50)", "always \"shock\": 22.4 %", "40 %", "50"];
    for text in shown {
        assert!(texts.iter().any(|t| t.replace("&quot;", "\"") == text), "{text} in {texts:?}");
    }
    assert_eq!(attributes(figure.svg(), "polygon", "points").len(), 2);
    assert!(neighbour_accuracy(&[]).is_err());
    let empty = NeighbourAccuracy { scores: Vec::new(), ..result("x") };
    assert!(neighbour_accuracy(&[empty]).is_err());
}
