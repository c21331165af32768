//! Repeated cross-validation: whole, fit by fit, and its predictions as a file.

use manga_expressions::data::{Augmentation, Dataset, Fold, FoldSettings, Folds, Source, SplitSettings, page_of};
use manga_expressions::faces::FaceSet;
use manga_expressions::metrics::{OutOfFoldPredictions, OutOfFoldRow};
use manga_expressions::net::ops::Parameter;
use manga_expressions::study::experiment::{Experiment, Pretraining};
use manga_expressions::study::methods::{CrossValidation, Majority, recipe};
use manga_expressions::training::EarlyStopping;
use manga_expressions::{COMPUTE_VERSION, Error};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

fn experiment() -> Experiment {
    let mut experiment = Experiment { source: Source::Drawn { count: 56, seed: 1 }, ..Experiment::new("dcnn", 1) };
    (experiment.preparation.size, experiment.preparation.channels) = (12, 1);
    let training = &mut experiment.training;
    (training.epochs, training.batch_size, training.threads) = (2, 16, Some(1));
    training.early_stopping = Some(EarlyStopping::default());
    training.augmentation = Some(Augmentation { flip: 0.5, ..Augmentation::default() });
    experiment
}

fn cross_validation(folder: &Path) -> CrossValidation {
    let settings = FoldSettings { folds: 2, seeds: vec![5, 6] };
    CrossValidation::new(experiment(), settings, folder).unwrap()
}

fn saved(folder: &TempDir, all: &OutOfFoldPredictions) -> (String, Vec<u8>) {
    let file = folder.path().join("predictions.csv").to_string_lossy().into_owned();
    all.save(&file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    (file, bytes)
}

#[test]
fn fits_one_by_one_in_any_order_give_what_all_at_once_give() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let whole = cross_validation(a.path()).run(2, &|_, _| ()).unwrap();
    let parts = cross_validation(b.path());
    parts.fit(1, 1).unwrap();
    parts.fit(0, 1).unwrap();
    let resumed = parts.run(1, &|_, _| ()).unwrap();
    assert_eq!(saved(&a, &whole).1, saved(&b, &resumed).1);
    assert_eq!((whole.images(), whole.repeats()), (56, 2));
    // Each repeat divides them again.
    let fold = |repeat: usize| whole.rows()[repeat * 56..][..56].iter().map(|row| row.fold).collect::<Vec<_>>();
    assert_ne!(fold(0), fold(1));
    assert_eq!(fold(0).iter().filter(|&&fold| fold == 1).count(), 28);
}

#[test]
fn the_predictions_come_back_from_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let row = |image: &str, truth: usize| OutOfFoldRow {
        image: image.into(),
        repeat: 0,
        fold: 0,
        truth,
        predicted: 1,
        probabilities: vec![0.25, 0.75],
    };
    let classes = ["sad".to_string(), "happy".to_string()];
    // A comma and quotes in a name, and a name that looks like a number.
    let all = OutOfFoldPredictions::new(&classes, vec![row("a,\"b\".png", 0), row("7", 1)]).unwrap();
    let (file, _) = saved(&folder, &all);
    assert_eq!(OutOfFoldPredictions::open(&file).unwrap(), all);
    let scores = all.scores().unwrap();
    assert_eq!((scores.accuracy, scores.majority, scores.recall.clone()), (0.5, 0.5, vec![0.0, 1.0]));
    // Half of the answers at 75 % are right.
    assert!((scores.calibration_error - 0.25).abs() < 1e-12);
}

#[test]
fn predictions_that_are_not_of_every_photo_once_a_repeat_are_named() {
    let classes = ["sad".to_string(), "happy".to_string()];
    let row = |image: &str, repeat, truth| OutOfFoldRow {
        image: image.into(),
        repeat,
        fold: 0,
        truth,
        predicted: 0,
        probabilities: vec![1.0, 0.0],
    };
    let error = |rows| OutOfFoldPredictions::new(&classes, rows).unwrap_err().to_string();
    assert!(error(vec![]).contains("no predictions"));
    assert!(error(vec![row("a", 0, 0), row("a", 0, 0)]).contains("twice"));
    assert!(error(vec![row("a", 0, 0), row("b", 1, 0)]).contains("every photo"));
    assert!(error(vec![row("a", 0, 0), row("a", 1, 1)]).contains("same class"));
    assert!(error(vec![row("a", 0, 2)]).contains("names none"));
    let mut high = row("a", 0, 0);
    high.probabilities[0] = 1.5;
    assert!(error(vec![high]).contains("probabilities of a"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.csv");
    std::fs::write(&file, "image,sad\na,1\n").unwrap();
    assert!(OutOfFoldPredictions::open(&file).unwrap_err().to_string().contains("other.csv"));
}

#[test]
fn a_folds_split_keeps_the_test_out_of_training_and_validation() {
    let dataset = experiment().source.load().unwrap();
    let mut seen = vec![0; dataset.len()];
    for fold in 0..2 {
        let fold = Some(Fold { fold, folds: 2, seed: 5, by_page: false });
        let split = dataset.split(&SplitSettings { fold, ..SplitSettings::default() }).unwrap();
        assert_eq!(split.len(), dataset.len());
        assert_eq!((split.test().len(), split.validation().len()), (28, split.len() - 28 - split.train().len()));
        assert!(!split.validation().is_empty());
        split.test().iter().for_each(|&i| seen[i] += 1);
    }
    assert!(seen.iter().all(|&times| times == 1), "each photo is the test once");
    let fold = Some(Fold { fold: 2, folds: 2, seed: 5, by_page: false });
    let error = dataset.split(&SplitSettings { fold, ..SplitSettings::default() }).unwrap_err().to_string();
    assert!(error.contains("no fold 2 of 2"), "{error}");
}

#[test]
fn photos_of_one_page_are_in_one_fold_where_that_is_asked_for() {
    // Drawn faces as files: four pages, each in two classes, and others without a page.
    let folder = tempfile::tempdir().unwrap();
    let faces = Dataset::from_faces(&FaceSet::new(70, 1)).unwrap();
    for (i, photo) in faces.photos().iter().enumerate() {
        let class = folder.path().join(&faces.classes()[faces.labels()[i]]);
        std::fs::create_dir_all(&class).unwrap();
        let name = if i % 3 == 0 { format!("{i}.png") } else { format!("{:03}_{i}_0_9_9.png", i % 13) };
        let grey =
            image::GrayImage::from_raw(photo.width() as u32, photo.height() as u32, photo.grey().to_vec()).unwrap();
        grey.save(class.join(name)).unwrap();
    }
    let source = Source::Folder(folder.path().to_string_lossy().into_owned());
    let dataset = source.load().unwrap();
    let pages = dataset.page_groups().unwrap();
    let with_page = dataset.photos().iter().filter(|photo| page_of(photo.name()).is_some()).count();
    assert_eq!((with_page, pages.iter().max()), (46, Some(&(12 + 24))));

    let settings = FoldSettings { folds: 2, seeds: vec![5, 6] };
    let runs = tempfile::tempdir().unwrap();
    let all = |name: &str| {
        let folder = runs.path().join(name).to_string_lossy().into_owned();
        CrossValidation::new(recipe("majority", 5).unwrap(), settings.clone(), &folder).unwrap().on(source.clone())
    };
    let said = all("grouped").grouped_by_page().run(2, &|_, _| ()).unwrap();
    let folds = Folds::stratified_grouped(dataset.classes(), dataset.labels(), &pages, &settings).unwrap();
    assert!(folds.check_apart(&pages).is_ok());
    for row in said.rows() {
        let photo = dataset.photos().iter().position(|photo| photo.name() == row.image).unwrap();
        assert_eq!(folds.of(row.repeat)[photo], row.fold);
    }
    // A training's own split is the same, with validation from the other folds.
    let fold = Some(Fold { fold: 1, folds: 2, seed: 6, by_page: true });
    let split = dataset.split(&SplitSettings { fold, ..SplitSettings::default() }).unwrap();
    assert_eq!((split.test(), split.validation().is_empty()), (&folds.test(1, 1)[..], false));

    let summary = all("grouped").grouped_by_page().summary("majority", 1.0).unwrap();
    assert_eq!(summary.command, "manga cross-validate majority --folds 2 --repeats 2 --seed 5 --group-by-page");
    // Without grouping the same folder holds other fits, and says so.
    let other = all("grouped").fit(0, 0).unwrap_err();
    assert!(matches!(&other, Error::Conflict(what) if what.contains("by_page")), "{other}");
    let error = all("drawn").grouped_by_page().on(Source::Drawn { count: 70, seed: 1 }).fit(0, 0).unwrap_err();
    assert!(error.to_string().contains("no photo in"), "{error}");
}

/// The values of all parameters, those of the body first.
fn values(experiment: &Experiment) -> (Vec<f32>, Vec<f32>) {
    let network = experiment.build(7).unwrap();
    let heads: Vec<&str> = network.head_parameters().into_iter().map(|p| p.name.as_str()).collect();
    let (head, body): (Vec<_>, Vec<_>) =
        network.parameters().into_iter().partition(|parameter| heads.contains(&parameter.name.as_str()));
    let all = |part: Vec<&Parameter>| part.into_iter().flat_map(Parameter::values).collect();
    (all(body), all(head))
}

#[test]
fn a_first_training_on_drawn_faces_begins_all_fits() {
    let begun = Experiment { pretraining: Some(Pretraining { faces: 70, epochs: 1, seed: 101 }), ..experiment() };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let cross_validate = |experiment: &Experiment, folder: &TempDir| {
        let settings = FoldSettings { folds: 2, seeds: vec![5] };
        CrossValidation::new(experiment.clone(), settings, folder.path()).unwrap().run(2, &|_, _| ()).unwrap()
    };
    // Where it has not been done, both jobs need it at once.
    let (with, without) = (cross_validate(&begun, &folders[0]), cross_validate(&experiment(), &folders[1]));
    assert!(with.rows() != without.rows());

    let (plain, first) = (values(&experiment()), values(&begun));
    assert!(plain.0 != first.0 && plain.1 == first.1, "the body has learnt, the head begins again");
    assert!(first == values(&begun));
    // Each experiment has its own first training: other settings, and other faces than those that stand for photos.
    let slower = Experiment { pretraining: Some(Pretraining { faces: 70, epochs: 2, seed: 101 }), ..begun.clone() };
    let of_others = Experiment { source: Source::Drawn { count: 56, seed: 2 }, ..begun.clone() };
    assert!(values(&slower).0 != first.0 && values(&of_others).0 != first.0);

    let few = Experiment { pretraining: Some(Pretraining { faces: 3, epochs: 1, seed: 101 }), ..experiment() };
    assert!(few.build(7).unwrap_err().to_string().contains("draw more"));
}

#[test]
fn faces_of_the_first_training_cannot_be_the_photos() {
    let folder = tempfile::tempdir().unwrap();
    let parts_of = |seed: u64, pretraining: Option<Pretraining>| {
        let name = folder.path().join(seed.to_string()).to_string_lossy().into_owned();
        if !Path::new(&name).exists() {
            Dataset::from_faces(&FaceSet::new(56, seed)).unwrap().save(&name).unwrap();
        }
        let source = Source::Folder(name);
        let dataset = source.load().unwrap();
        Experiment { pretraining, source, ..experiment() }.parts(&dataset)
    };
    let first = Some(Pretraining { faces: 70, epochs: 1, seed: 101 });
    let said = parts_of(1, first).unwrap_err().to_string();
    assert!(said.contains("70 drawn faces of seed 1") && said.contains("faces of another seed"), "{said}");
    parts_of(2, first).unwrap();
    parts_of(1, None).unwrap();
}

/// Changes a JSON file.
fn change(path: &Path, change: &dyn Fn(&mut Value)) {
    let mut told: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    change(&mut told);
    std::fs::write(path, told.to_string()).unwrap();
}

/// As it was kept before there were compute versions.
fn from_before(told: &mut Value) {
    assert_eq!(told["version"], COMPUTE_VERSION);
    told["version"] = "0.1.0".into();
}

#[test]
fn fits_of_another_compute_version_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let all = cross_validation(folder.path());
    let fit = all.fit(0, 1).unwrap();
    let at = folder.path().join("repeat1-fold2");
    change(&at.join("fit.json"), &|kept| from_before(&mut kept["fingerprint"]));
    change(&at.join("settings.json"), &from_before);
    let again = all.fit(0, 1).unwrap();
    assert_eq!(again.accuracy, fit.accuracy);
    let read = |file: &str| std::fs::read_to_string(at.join(file)).unwrap();
    for file in ["settings.json", "result.json", "fit.json"] {
        let told: Value = serde_json::from_str(&read(file)).unwrap();
        let told = told.get("fingerprint").unwrap_or(&told);
        let version = told.get("version").or(told.get("compute_version"));
        assert_eq!(version, Some(&COMPUTE_VERSION.into()), "{file}");
    }
    // Nothing is lost, and what is of this version is found finished.
    let aside = folder.path().join("repeat1-fold2-version-1");
    assert!(aside.join("weights.safetensors").exists() && aside.join("fit.json").exists());
    let (kept, folders) = (read("fit.json"), std::fs::read_dir(folder.path()).unwrap().count());
    all.fit(0, 1).unwrap();
    assert_eq!((read("fit.json"), std::fs::read_dir(folder.path()).unwrap().count()), (kept, folders));

    // A fit that is no training, with a class that nobody would say.
    let majority = CrossValidation::new(
        Majority {},
        FoldSettings { folds: 2, seeds: vec![5] },
        format!("{}/majority", folder.path().display()),
    );
    let majority = majority.unwrap().on(experiment().source);
    let right = majority.fit(0, 0).unwrap();
    let file = folder.path().join("majority/repeat1-fold1/fit.json");
    change(&file, &|kept| {
        from_before(&mut kept["fingerprint"]);
        kept["rows"].as_array_mut().unwrap().iter_mut().for_each(|row| row["predicted"] = 4.into());
    });
    assert_eq!(majority.fit(0, 0).unwrap().accuracy, right.accuracy);
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(kept["fingerprint"]["version"], COMPUTE_VERSION);
}
