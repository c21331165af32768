//! Numbers change only with the compute version.
//!
//! `tests/golden/compute_version.json` keeps what small examples of all operations compute, and by which
//! `COMPUTE_VERSION`. Where these tests fail and the change is meant, count `COMPUTE_VERSION` up
//! (`src/base/compute_version.rs`), and remake the file:
//!
//! ```sh
//! MANGA_BLESS=1 cargo test --release --test compute_version
//! ```
//!
//! This refuses to write other numbers for a version that the file has already. Numbers that were not there before may be
//! added to it.

use manga_expressions::data::{
    Augmentation, Dataset, Features, Filter, Fold, Hog, Images, Preparation, Scaling, Source, Split, SplitSettings,
};
use manga_expressions::faces::{FaceSet, Mix};
use manga_expressions::net::models::by_name;
use manga_expressions::net::nn::{Head, Network};
use manga_expressions::study::experiment::{self, Experiment};
use manga_expressions::study::results::Comparison;
use manga_expressions::study::ridge::{ColumnScaling, Kernel, Ridge, temperature};
use manga_expressions::training::{
    BatchNormMode, Keep, OneCycle, Optimizer, Progress, Run, Schedule, Settings, evaluate, fit, measure_statistics,
    stage_features,
};
use manga_expressions::{COMPUTE_VERSION, ComputedBy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// By how much a number may differ, as a fraction of it.
const TOLERANCE: f64 = 1e-4;

/// The file.
#[derive(Serialize, Deserialize)]
struct Golden {
    compute_version: String,
    /// What made the file: for information.
    computed_by: ComputedBy,
    numbers: Numbers,
}

/// Numbers by what they are of.
type Numbers = BTreeMap<String, Vec<f64>>;

/// Drawn faces, of each expression as many, in the sizes of photos.
fn faces(count: usize) -> Dataset {
    Dataset::from_faces(&FaceSet { mix: Mix::Balanced, ..FaceSet::new(count, 5) }).unwrap()
}

/// Two steps of seven images each.
///
/// Not by Adam, which divides gradients by their size, and so makes whole steps of gradients that are only rounding.
fn two_steps(learning_rate: f64) -> Settings {
    Settings {
        epochs: 1,
        batch_size: 7,
        optimizer: Optimizer::sgd(learning_rate, 0.9),
        batch_norm_momentum: Some(0.9),
        keep: Keep::Last,
        seed: 3,
        ..Settings::default()
    }
}

/// What a training comes to: the mean loss of its last epoch; means over all weights, of the size of the first ones and of
/// how far they have moved; that of running statistics, where there are any; and, once these are measured again, the loss in
/// inference. (Running statistics are far from the truth after two steps, and inference with them magnifies rounding.)
fn trained(mut network: Network, settings: &Settings) -> Vec<f64> {
    let (size, _, channels) = network.input();
    let images = Preparation { size, channels, ..Preparation::default() }.apply(&faces(14)).unwrap();
    let values = |network: &Network, trainable: bool| -> Vec<f64> {
        let parameters = network.parameters().into_iter().filter(|parameter| parameter.trainable == trainable);
        parameters.flat_map(|parameter| parameter.values()).map(f64::from).collect()
    };
    let before = values(&network, true);
    let history = fit(&mut network, &images, None, settings, &mut |_| {}).unwrap();
    let (after, others) = (values(&network, true), values(&network, false));
    let moved: Vec<f64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
    let size = |values: &[f64]| values.iter().map(|value| value.abs()).sum::<f64>() / values.len() as f64;
    let mut numbers = vec![history.epochs.last().unwrap().train_loss, size(&before), size(&moved)];
    if !others.is_empty() {
        numbers.push(size(&others));
        measure_statistics(&mut network, &images.images).unwrap();
    }
    numbers.push(evaluate(&network, &images).unwrap().loss);
    numbers
}

/// Of each image its mean, and its mean when the right and the lower parts count more.
fn sketch(images: &Images) -> Vec<f64> {
    let (_, height, width, channels) = images.shape();
    let numbers = |image: usize| {
        let weight = |place: usize| 1 + place / channels % width + 2 * (place / channels / width);
        let values = images.image(image).iter().map(|&value| f64::from(value)).enumerate();
        let sums = values.fold([0.0, 0.0], |[a, b], (place, value)| [a + value, b + value * weight(place) as f64]);
        let count = (height * width * channels) as f64;
        [sums[0] / count, sums[1] / count / (height + width) as f64]
    };
    (0..images.len()).flat_map(numbers).collect()
}

/// Of each row its mean when later columns count more.
fn rows(features: &Features) -> Vec<f64> {
    let mean = |row: usize| {
        let weighted = features.row(row).iter().zip(1..).map(|(&value, weight)| f64::from(value) * f64::from(weight));
        weighted.sum::<f64>() / (features.columns() * features.columns()) as f64
    };
    (0..features.rows()).map(mean).collect()
}

/// A small network with everything that a training can be told at once.
fn with_all_settings() -> Settings {
    Settings {
        epochs: 2,
        optimizer: Optimizer::adamw(0.003, 0.05),
        schedule: Schedule::OneCycle(OneCycle::default()),
        augmentation: Some(Augmentation::cited_dcnn()),
        label_smoothing: 0.1,
        mixup: Some(0.4),
        weight_average: Some(0.5),
        ..two_steps(1.0)
    }
}

fn small_cnn(settings: &Settings) -> Vec<f64> {
    trained(by_name("small_cnn", (32, 32, 1), 7, 4).unwrap(), settings)
}

/// ResNet-50 as it is fine-tuned: its first stages frozen, running statistics, two heads, and two learning rates.
fn fine_tuned() -> Vec<f64> {
    let mut network = by_name("resnet50", (40, 40, 3), 7, 4).unwrap();
    let heads = [
        Head { grid: 2, batch_norm: true, dropout: 0.5, ..Head::on("layer3") },
        Head { batch_norm: true, ..Head::on("layer4") },
    ];
    network = network.with_heads(&heads).unwrap();
    network.freeze_through("layer2").unwrap();
    let settings = Settings { batch_norm: BatchNormMode::Running, body_learning_rate: Some(0.05), ..two_steps(0.1) };
    trained(network, &settings)
}

/// Scores of ridge regression on `features`, those of each photo that was left out, and a temperature for them.
fn ridge(features: &Features) -> Vec<f64> {
    let (train, test): (Vec<usize>, Vec<usize>) = (0..14).partition(|photo| photo % 4 > 0);
    let labels: Vec<usize> = train.iter().map(|photo| photo % 3).collect();
    let target = |&label: &usize| (0..3).map(|class| f64::from(u8::from(class == label))).collect();
    let targets: Vec<Vec<f64>> = labels.iter().map(target).collect();
    let kernel = Kernel::linear(std::slice::from_ref(features), &train, &test, ColumnScaling::Standardised).unwrap();
    let ridge = Ridge::new(&kernel, &targets).unwrap();
    let groups: Vec<usize> = (0..train.len()).collect();
    let left_out = ridge.left_out(0.1, &groups).unwrap();
    let mut numbers = vec![temperature(&left_out, &labels).unwrap()];
    numbers.extend(ridge.predict(&kernel, 0.1).into_iter().flatten());
    numbers.extend(left_out.into_iter().flatten());
    numbers
}

fn numbers() -> Numbers {
    let mut all = Numbers::new();
    // Without batch norm, gradients of first weights are small, and slow steps would be lost in the weights' last digits.
    for (name, size, channels, learning_rate) in [
        ("resnet50", 40, 1, 0.001),
        ("resnet50-v1.5", 32, 1, 0.001),
        ("resnet50v2", 40, 3, 0.001),
        ("googlenet", 80, 1, 1.0),
        ("densenet201", 32, 1, 0.001),
        ("vgg16", 32, 1, 1.0),
    ] {
        let mut network = by_name(name, (size, size, channels), 7, 4).unwrap();
        network.unfreeze();
        all.insert(format!("{name} from scratch"), trained(network, &two_steps(learning_rate)));
    }
    let augmented = Settings { augmentation: Some(Augmentation::strong()), ..two_steps(0.01) };
    let dcnn = by_name("dcnn", (48, 48, 1), 7, 4).unwrap();
    all.insert("dcnn with augmentation".into(), trained(dcnn, &augmented));
    all.insert(
        "small_cnn by Adam".into(),
        small_cnn(&Settings { optimizer: Optimizer::adam(0.001), ..two_steps(1.0) }),
    );
    all.insert("small_cnn with all settings".into(), small_cnn(&with_all_settings()));
    all.insert("resnet50, fine-tuned".into(), fine_tuned());

    let dataset = faces(14);
    let images = Preparation { size: 48, ..Preparation::default() }.images(dataset.photos()).unwrap();
    all.insert("drawn faces, prepared".into(), sketch(&images));
    let caffe =
        Preparation { size: 30, channels: 3, scaling: Scaling::Caffe, filter: Filter::Nearest, ..Default::default() };
    all.insert("drawn faces, prepared otherwise".into(), sketch(&caffe.images(dataset.photos()).unwrap()));
    let changed = Augmentation::strong().apply(&images, &(0..14).collect::<Vec<_>>(), 1, 2).unwrap();
    all.insert("augmentation".into(), sketch(&changed));
    let hog = Hog::default().features(&images).unwrap();
    all.insert("HOG".into(), rows(&hog));
    let network = by_name("googlenet", (80, 80, 1), 7, 4).unwrap();
    let larger = Preparation { size: 80, ..Preparation::default() }.images(dataset.photos()).unwrap();
    all.insert("pooled features".into(), rows(&stage_features(&network, &larger, "inception4", 2).unwrap()));
    all.insert("ridge".into(), ridge(&hog));
    let fold = Some(Fold { fold: 0, folds: 2, seed: 3, by_page: false });
    for (name, fold) in [("split", None), ("fold", fold)] {
        let split = faces(28).split(&SplitSettings { fold, seed: 3, ..SplitSettings::default() }).unwrap();
        let parts = [Split::train, Split::validation, Split::test].map(|part| part(&split).to_vec());
        all.insert(name.into(), parts.concat().into_iter().map(|photo| photo as f64).collect());
    }
    all
}

/// Every number of `kept` that `now` does not have, as a line.
fn differences(kept: &Numbers, now: &Numbers) -> Vec<String> {
    let mut found = Vec::new();
    for (name, kept) in kept {
        let now = now.get(name).map_or(&[][..], |now| now);
        if now.len() != kept.len() {
            found.push(format!("{name}: {} numbers, and {} now", kept.len(), now.len()));
        }
        for (place, (kept, now)) in kept.iter().zip(now).enumerate() {
            let fraction = (now - kept).abs() / kept.abs().max(1e-12);
            if fraction.is_nan() || fraction > TOLERANCE {
                found.push(format!("{name}, number {}: {kept} and {now} now, {fraction:.1e} apart", place + 1));
            }
        }
    }
    found
}

#[test]
fn numbers_change_only_with_the_compute_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/compute_version.json");
    let now = numbers();
    let kept: Option<Golden> = std::fs::read_to_string(&path).ok().map(|text| serde_json::from_str(&text).unwrap());
    let found = kept.as_ref().map_or(Vec::new(), |kept| differences(&kept.numbers, &now));
    let same = kept.as_ref().is_some_and(|kept| kept.compute_version == COMPUTE_VERSION);
    assert!(
        found.is_empty() || !same,
        "numbers of compute version {COMPUTE_VERSION} have changed:\n{}\nIf that is meant, count COMPUTE_VERSION up in \
         src/base/compute_version.rs, then remake the file: MANGA_BLESS=1 cargo test --release --test compute_version",
        found.join("\n")
    );
    let complete = same && kept.is_some_and(|kept| kept.numbers.keys().eq(now.keys()));
    if std::env::var_os("MANGA_BLESS").is_none() {
        assert!(
            complete,
            "{} is not of compute version {COMPUTE_VERSION}, or lacks numbers: remake it by \
             MANGA_BLESS=1 cargo test --release --test compute_version",
            path.display()
        );
    } else if !complete {
        let golden = Golden { compute_version: COMPUTE_VERSION.into(), computed_by: ComputedBy::this(), numbers: now };
        let text = serde_json::to_string_pretty(&golden).unwrap();
        std::fs::write(&path, format!("{text}\n")).unwrap();
    }
}

/// What the tolerance lets through is smaller than what a slip in a formula does.
#[test]
fn small_changes_are_noticed() {
    let of = |name: &str, numbers: Vec<f64>| Numbers::from([(name.to_string(), numbers)]);
    let usual = of("small_cnn", small_cnn(&with_all_settings()));
    assert!(differences(&usual, &of("small_cnn", small_cnn(&with_all_settings()))).is_empty());
    let all = with_all_settings();
    let changes = [
        ("another seed", Settings { seed: 4, ..all.clone() }),
        ("label smoothing", Settings { label_smoothing: 0.11, ..all.clone() }),
        ("mixup", Settings { mixup: Some(0.42), ..all.clone() }),
        ("weight decay", Settings { optimizer: Optimizer::adamw(0.003, 1.0), ..all.clone() }),
        ("learning rate", Settings { optimizer: Optimizer::adamw(0.00303, 0.05), ..all.clone() }),
        ("average", Settings { weight_average: Some(0.51), ..all.clone() }),
        (
            "rotation",
            Settings {
                augmentation: Some(Augmentation { rotation: 31.0, ..Augmentation::cited_dcnn() }),
                ..all.clone()
            },
        ),
        (
            "schedule",
            Settings { schedule: Schedule::OneCycle(OneCycle { div_factor: 26.0, ..OneCycle::default() }), ..all },
        ),
    ];
    for (what, settings) in changes {
        let changed = of("small_cnn", small_cnn(&settings));
        assert!(!differences(&usual, &changed).is_empty(), "{what}: {usual:?} {changed:?}");
    }
    // The counts of numbers belong to what is compared.
    assert_eq!(differences(&usual, &Numbers::new()).len(), 1);
    assert_eq!(differences(&usual, &of("small_cnn", vec![f64::NAN; 4])).len(), 4);
}

#[test]
fn a_run_of_another_version_is_not_taken_for_one_of_this() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run").to_string_lossy().into_owned();
    let mut short = Experiment { source: Source::Drawn { count: 70, seed: 5 }, ..Experiment::new("small_cnn", 1) };
    (short.preparation.size, short.preparation.channels, short.training.epochs) = (8, 1, 1);
    let train = |resume| short.run(&run, resume, Progress::quiet());
    train(false).unwrap();
    let settings = Path::new(&run).join("settings.json");
    let text = std::fs::read_to_string(&settings).unwrap();
    let mine = format!("\"version\": \"{COMPUTE_VERSION}\"");
    assert!(text.contains(&mine), "{text}");
    std::fs::write(&settings, text.replace(&mine, "\"version\": \"0.1.0\"")).unwrap();
    let said = train(true).unwrap_err().to_string();
    assert!(said.contains("compute version 1") && said.contains("another folder"), "{said}");
    // What it has learnt can still be used.
    let run = Run::open(&run).unwrap();
    assert!(experiment::load(&run).is_ok());
    let folders = [run.folder().to_string_lossy().into_owned()];
    let comparison = Comparison::of(&folders).unwrap();
    assert_eq!(comparison.compute_versions(), "1");
}
