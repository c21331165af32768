//! Methods that are no training: their fits, the files that keep them, and their recipes.

use manga_expressions::data::{Dataset, Features, FoldSettings, Folds, Scaling, Source};
use manga_expressions::metrics::OutOfFoldPredictions;
use manga_expressions::net::models;
use manga_expressions::study::experiment::{self, Experiment};
use manga_expressions::study::methods::{
    CrossValidation, Ensemble, FeatureSet, Majority, Method, NeighbourVote, NetworkFeatures, RECIPES, RidgeClassifier,
    recipe as method_of,
};
use manga_expressions::study::neighbours::{Distance, choose_k};
use manga_expressions::study::ridge::ColumnScaling;
use manga_expressions::training::Pooling;
use std::path::Path;
use std::sync::Arc;

const FACES: Source = Source::Drawn { count: 70, seed: 1 };

fn settings() -> FoldSettings {
    FoldSettings { folds: 3, seeds: vec![5, 6] }
}

fn cross_validation(method: impl Method + 'static, folder: &Path) -> CrossValidation {
    CrossValidation::new(method, settings(), folder).unwrap().on(FACES)
}

fn ridge(features: Vec<FeatureSet>) -> RidgeClassifier {
    RidgeClassifier { features, scaling: ColumnScaling::Standardised, power: 1.0, mirrored: true }
}

fn neighbours(features: FeatureSet) -> NeighbourVote {
    NeighbourVote { features, distance: None, largest_k: 9 }
}

fn run(method: impl Method + 'static, folder: &Path) -> OutOfFoldPredictions {
    cross_validation(method, folder).run(2, &|_, _| ()).unwrap()
}

/// As it is written.
fn csv(all: &OutOfFoldPredictions, folder: &Path) -> Vec<u8> {
    let file = folder.join("all.csv");
    all.save(&file).unwrap();
    std::fs::read(file).unwrap()
}

#[test]
fn the_majority_is_counted_in_the_training_part_alone() {
    let folder = tempfile::tempdir().unwrap();
    let all = run(Majority {}, folder.path());
    let dataset = FACES.load().unwrap();
    let folds = Folds::stratified(dataset.classes(), dataset.labels(), &settings()).unwrap();
    for row in all.rows() {
        let train = folds.train(row.repeat, row.fold);
        let fraction =
            |class: usize| train.iter().filter(|&&i| dataset.labels()[i] == class).count() as f64 / train.len() as f64;
        for (class, &said) in row.probabilities.iter().enumerate() {
            assert!((said - fraction(class)).abs() < 1e-6);
        }
        assert!((0..dataset.classes().len()).all(|class| fraction(class) <= fraction(row.predicted)));
        // The same folds as everybody's.
        let photo = dataset.photos().iter().position(|photo| photo.name() == row.image).unwrap();
        assert_eq!(folds.of(row.repeat)[photo], row.fold);
    }
}

#[test]
fn neighbours_choose_k_as_the_nested_choice_does() {
    let folder = tempfile::tempdir().unwrap();
    let all = run(neighbours(FeatureSet::Hog { size: 32 }), folder.path());
    let dataset = FACES.load().unwrap();
    let folds = Folds::stratified(dataset.classes(), dataset.labels(), &settings()).unwrap();
    let images =
        manga_expressions::data::Preparation { size: 32, ..Default::default() }.images(dataset.photos()).unwrap();
    let hog = manga_expressions::data::Hog::default().features(&images).unwrap();
    let choice = choose_k(&hog, dataset.labels(), dataset.classes(), &folds, Distance::Euclidean, 9).unwrap();
    assert!((all.scores().unwrap().accuracy - choice.chosen_in_training()).abs() < 1e-12);
    assert!(all.rows().iter().all(|row| (row.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-6));
}

#[test]
fn fits_one_by_one_in_any_order_give_what_all_at_once_give() {
    let sets = || vec![FeatureSet::Hog { size: 32 }, FeatureSet::Pixels { size: 16 }];
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let whole = run(ridge(sets()), a.path());
    let parts = cross_validation(ridge(sets()), b.path());
    parts.fit(1, 2).unwrap();
    let first = parts.fit(0, 1).unwrap();
    assert!(first.chosen.contains("penalty"), "{}", first.chosen);
    let resumed = cross_validation(ridge(sets()), b.path()).run(1, &|_, _| ()).unwrap();
    assert_eq!(csv(&whole, a.path()), csv(&resumed, b.path()));
    // A fit is found, not done again: with its file changed, what the file says.
    let file = b.path().join("repeat1-fold2/fit.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let at = text.find("\"predicted\":").unwrap() + "\"predicted\":".len();
    let said = if &text[at..=at] == "0" { "1" } else { "0" };
    std::fs::write(&file, format!("{}{said}{}", &text[..at], &text[at + 1..])).unwrap();
    let changed = cross_validation(ridge(sets()), b.path()).run(1, &|_, _| ()).unwrap();
    assert_ne!(csv(&whole, a.path()), csv(&changed, b.path()));

    // Other settings in the same folder are refused by name, and so is a damaged file.
    let other = cross_validation(ridge(vec![FeatureSet::Hog { size: 40 }]), b.path());
    let said = other.fit(0, 1).unwrap_err().to_string();
    assert!(said.contains("features") && said.contains("another folder"), "{said}");
    std::fs::write(&file, "{").unwrap();
    let said = cross_validation(ridge(sets()), b.path()).fit(0, 1).unwrap_err().to_string();
    assert!(said.contains("fit.json is damaged"), "{said}");
    assert!(parts.fit(2, 0).is_err() && parts.fit(0, 3).is_err());
}

/// A network of first weights in a file: its features are as good as any to see that they are kept.
fn network(folder: &Path) -> NetworkFeatures {
    let weights = folder.join("weights.safetensors").to_string_lossy().into_owned();
    let source = models::by_name("resnet50", (32, 32, 3), 7, 1).unwrap();
    source.save_weights_for(&weights, Some(Scaling::Caffe), &[]).unwrap();
    NetworkFeatures { network: "resnet50".into(), weights, stage: "layer1".into(), pooling: Pooling::Grid(2), size: 32 }
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "safetensors")).count()
}

#[test]
fn features_of_networks_are_kept_and_shared() {
    let folder = tempfile::tempdir().unwrap();
    let of = network(folder.path());
    let features = folder.path().join("features");
    let within = |name: &str, method: Arc<dyn Method>| {
        let all = cross_validation(method, &folder.path().join(name));
        all.features_in(&features)
    };
    let later = NetworkFeatures { stage: "layer2".into(), pooling: Pooling::MeanAndMaximum, ..of.clone() };
    let both = vec![FeatureSet::Network(later), FeatureSet::Network(of.clone())];
    let all = within("ridge", Arc::new(ridge(both)));
    all.fit(0, 0).unwrap();
    assert_eq!(files(&features), 4, "two stages, plain and mirrored");
    let summary = all.summary("mine.toml", 2.0).unwrap_err(); // There is no such file.
    assert!(summary.to_string().contains("mine.toml"));

    // Neighbours on one of the blocks find it.
    let times = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let paths: Vec<_> = std::fs::read_dir(&features).unwrap().flatten().map(|entry| entry.path()).collect();
    let before: Vec<_> = paths.iter().map(|path| times(path)).collect();
    let alone = within("neighbours", Arc::new(neighbours(FeatureSet::Network(of.clone()))));
    let found = alone.fit(0, 0).unwrap();
    assert_eq!(files(&features), 4);
    assert_eq!(paths.iter().map(|path| times(path)).collect::<Vec<_>>(), before);
    // Without the file they are computed again, and the answers are the same.
    std::fs::remove_dir_all(&features).unwrap();
    std::fs::remove_dir_all(folder.path().join("neighbours")).unwrap();
    let again = within("neighbours", Arc::new(neighbours(FeatureSet::Network(of.clone())))).fit(0, 0).unwrap();
    assert_eq!(found.accuracy, again.accuracy);
    assert_eq!(files(&features), 1);

    let wrong = NetworkFeatures { stage: "layer9".into(), ..of.clone() };
    let said = within("wrong", Arc::new(ridge(vec![FeatureSet::Network(wrong)]))).fit(0, 0).unwrap_err().to_string();
    assert!(said.contains("layer9") && said.contains("layer1"), "{said}");
    let fine = NetworkFeatures { pooling: Pooling::Grid(40), ..of };
    let said = within("fine", Arc::new(ridge(vec![FeatureSet::Network(fine)]))).fit(0, 0).unwrap_err().to_string();
    assert!(said.contains("40 x 40"), "{said}");
}

#[test]
fn an_ensemble_is_the_mean_of_its_members_and_makes_those_that_are_missing() {
    let runs = tempfile::tempdir().unwrap();
    let recipe = |name: &str, text: &str| {
        let file = runs.path().join(format!("{name}.toml"));
        std::fs::write(&file, text).unwrap();
        file.to_string_lossy().into_owned()
    };
    let hog = recipe("hog", "# HOG.\nmethod = \"ridge\"\nfeatures = [{ kind = \"hog\", size = 32 }]");
    let pixels = recipe(
        "pixels",
        "method = \"neighbours\"\nfeatures = { kind = \"pixels\", size = 16 }\nlargest_k = 5\ndistance = \"cosine\"",
    );
    let at = |recipe: &str| CrossValidation::folder_of(runs.path(), recipe, 5);
    let one = |recipe: &str| {
        let method = method_of(recipe, 5).unwrap();
        CrossValidation::new(method, settings(), at(recipe)).unwrap().on(FACES).run(2, &|_, _| ()).unwrap()
    };
    let a = one(&hog);
    let ensemble = Ensemble { of: vec![hog.clone(), pixels.clone()] };
    let both = cross_validation(ensemble, &runs.path().join("both-seed5"));
    let mean = both.run(2, &|_, _| ()).unwrap();
    // The second member was made, in its own folder, where it is found.
    assert!(runs.path().join("pixels-seed5/repeat2-fold3/fit.json").exists());
    let b = one(&pixels);
    for ((mean, a), b) in mean.rows().iter().zip(a.rows()).zip(b.rows()) {
        assert_eq!((&mean.image, mean.repeat, mean.fold), (&a.image, b.repeat, a.fold));
        for class in 0..7 {
            let wanted = f64::midpoint(a.probabilities[class], b.probabilities[class]);
            assert!((mean.probabilities[class] - wanted).abs() < 1e-7);
        }
    }
    let summary = cross_validation(method_of(&hog, 5).unwrap(), Path::new(&at(&hog))).summary(&hog, 60.0).unwrap();
    assert_eq!((summary.method.as_str(), summary.about.as_str(), summary.folds), ("hog", "HOG.", 3));
    assert!(
        summary.cpu_seconds >= 60.0 && summary.trainable == summary.parameters && summary.trainable.is_multiple_of(7)
    );
    assert!(summary.command.ends_with("--folds 3 --repeats 2 --seed 5"), "{}", summary.command);

    let own = recipe("own", "");
    std::fs::write(&own, format!("method = \"ensemble\"\nof = [{own:?}]")).unwrap();
    let said = CrossValidation::new(method_of(&own, 5).unwrap(), settings(), at(&own)).unwrap_err().to_string();
    assert!(said.contains("member of itself"), "{said}");
}

#[test]
fn recipes_are_methods() {
    let mut names: Vec<&str> = RECIPES.iter().chain(experiment::RECIPES).map(|recipe| recipe.name).collect();
    for recipe in RECIPES {
        assert!(recipe.about().ends_with('.'), "{}: {}", recipe.name, recipe.about());
        let method = method_of(recipe.name, 1).unwrap();
        let settings = method.settings().unwrap();
        let kind = settings["method"].as_str().unwrap();
        assert!(["majority", "neighbours", "ridge", "ensemble"].contains(&kind), "{}: {kind}", recipe.name);
        if kind == "ensemble" {
            let of = settings["of"].as_array().unwrap();
            assert!(of.iter().all(|member| names.contains(&member.as_str().unwrap())), "{}", recipe.name);
            assert!(method.check().is_ok());
        }
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "no two recipes have one name");
    let dcnn = Experiment::recipe("dcnn", 3).unwrap();
    assert_eq!(method_of("dcnn", 3).unwrap().settings().unwrap(), Method::settings(&dcnn).unwrap());
}

#[test]
fn a_recipe_that_is_none_is_an_error_that_says_what() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml").to_string_lossy().into_owned();
    for (text, wanted) in [
        ("method = \"magic\"", "magic"),
        ("method = 7", "no word"),
        ("method = \"majority\"\nk = 3", "k"),
        ("method = \"neighbours\"", "features"),
        ("method = \"neighbours\"\nfeatures = { kind = \"sound\" }", "sound"),
        ("method = \"neighbours\"\nfeatures = { kind = \"pixels\", size = 8, colour = true }", "colour"),
        ("method = \"ridge\"\nfeatures = [{ kind = \"network\", network = \"resnet50\" }]", "stage"),
        ("method = \"ridge\nfeatures = 3", "line 1"),
        ("method = \"ensemble\"\nof = [3]", "string"),
        ("network = \"dcnn\"\nepochs = 3", "epochs"),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = method_of(&file, 1).unwrap_err().to_string();
        assert!(said.contains(wanted) && said.contains("mine.toml"), "{text}: {said}");
    }
    let said = method_of("knn", 1).unwrap_err().to_string();
    assert!(said.contains("knn-pixels") && said.contains("resnet50-whole") && said.contains(".toml"), "{said}");
}

#[test]
fn settings_that_cannot_work_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let error = |method: Arc<dyn Method>, name: &str| {
        cross_validation(method, &folder.path().join(name)).run(1, &|_, _| ()).unwrap_err().to_string()
    };
    let many = NeighbourVote { features: FeatureSet::Width, distance: None, largest_k: 60 };
    assert!(error(Arc::new(many), "a").contains("largest_k = 60"));
    assert!(error(Arc::new(ridge(vec![])), "b").contains("0 blocks"));
    assert!(error(Arc::new(neighbours(FeatureSet::Pixels { size: 0 })), "c").contains("0 x 0"));
    assert!(error(Arc::new(Ensemble { of: vec![] }), "d").contains("no recipe"));
    let few = FoldSettings { folds: 1, seeds: vec![1] };
    assert!(CrossValidation::new(Majority {}, few, "e").is_err());
}

#[test]
fn mirrored_copies_are_those_of_the_same_photos() {
    let dataset: Dataset = FACES.load().unwrap();
    let images =
        manga_expressions::data::Preparation { size: 20, ..Default::default() }.images(dataset.photos()).unwrap();
    let (plain, mirrored) = (Features::pixels(&images).unwrap(), Features::pixels(&images.mirrored()).unwrap());
    for (a, b) in plain.row(3).chunks(20).zip(mirrored.row(3).chunks(20)) {
        assert!(a.iter().rev().eq(b));
    }
}
