//! Recipes: the project's own, and what is wrong with others.

use manga_expressions::data::Scaling;
use manga_expressions::experiment::{Experiment, RECIPES};
use manga_expressions::methods;
use manga_expressions::models::{self, NETWORKS};
use manga_expressions::training::{Optimizer, Schedule};
use std::collections::HashSet;

/// The complaint about a recipe of this text.
fn complaint(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, text).unwrap();
    Experiment::recipe(&file.to_string_lossy(), 1).unwrap_err().to_string()
}

#[test]
fn every_file_of_the_folder_is_a_recipe_with_a_network_that_can_be_built() {
    let files = std::fs::read_dir("recipes").unwrap().map(|entry| entry.unwrap().file_name());
    let files: HashSet<String> = files.map(|name| name.to_string_lossy().replace(".toml", "")).collect();
    let known = RECIPES.iter().chain(methods::RECIPES).map(|recipe| recipe.name.to_string());
    assert_eq!(files, known.collect());
    let mut networks = HashSet::new();
    for recipe in RECIPES {
        assert!(recipe.about().ends_with('.'), "{}: {}", recipe.name, recipe.about());
        let experiment = Experiment::recipe(recipe.name, 3).unwrap();
        assert_eq!((experiment.split.seed, experiment.training.seed), (3, 3), "{}", recipe.name);
        let side = experiment.preparation.size;
        let mut network =
            models::by_name(&experiment.network, (side, side, experiment.preparation.channels), 7, 1).unwrap();
        match experiment.freeze.as_deref() {
            None | Some("nothing") => {}
            Some(stage) => network.freeze_through(stage).unwrap(),
        }
        // Scaled for the weights without having them.
        let scaling = if experiment.weights.is_some() { Scaling::Caffe } else { Scaling::ZeroToOne };
        assert_eq!(experiment.preparation.scaling, scaling, "{}", recipe.name);
        assert!(!experiment.own_scaling);
        networks.insert(experiment.network);
    }
    assert_eq!(networks, NETWORKS.iter().map(|name| name.to_string()).collect());
}

#[test]
fn the_dcnn_is_trained_as_its_authors_say() {
    let training = Experiment::recipe("dcnn", 1).unwrap().training;
    assert_eq!((training.batch_size, training.optimizer), (128, Optimizer::adam(0.001)));
    assert_eq!(training.early_stopping.unwrap().patience, 11);
    let Schedule::ReduceOnPlateau(plateau) = training.schedule else { panic!("{:?}", training.schedule) };
    assert_eq!((plateau.patience, plateau.factor), (7, 0.5));
    let augmentation = training.augmentation.unwrap();
    assert_eq!((augmentation.flip, augmentation.rotation), (0.5, 30.0));
    assert_eq!((augmentation.zoom, augmentation.shift, augmentation.stretch), (0.2, 0.1, true));
}

#[test]
fn a_recipe_is_kept_whole_by_a_run() {
    for recipe in RECIPES {
        let experiment = Experiment::recipe(recipe.name, 1).unwrap();
        let kept: Experiment = serde_json::from_value(serde_json::to_value(&experiment).unwrap()).unwrap();
        assert_eq!(kept, experiment, "{}", recipe.name);
    }
}

#[test]
fn a_recipe_that_is_none_is_an_error_that_shows_the_place() {
    for (text, wanted) in [
        ("", "network"),
        ("network = 7", "expected a string"),
        ("network = \"dcnn\"\nepochs = 3", "unknown field `epochs`"),
        ("network = \"dcnn\"\n[training]\nepoch = 3", "unknown field `epoch`"),
        ("network = \"dcnn\"\n[training]\nepochs = -3", "line 3"),
        ("network = \"dcnn\"\n[training\nepochs = 3", "line 2"),
        ("network = \"dcnn\"\nweights = \"no/such/file\"", "no/such/file"),
    ] {
        let said = complaint(text);
        assert!(said.contains(wanted), "{text}: {said}");
    }
    let said = Experiment::recipe("resnet", 1).unwrap_err().to_string();
    assert!(said.contains("resnet50-whole") && said.contains(".toml"), "{said}");
    assert!(Experiment::recipe("no/such.toml", 1).unwrap_err().to_string().contains("no/such.toml"));
}

#[test]
fn pixels_that_are_scaled_otherwise_than_the_weights_expect_are_an_error_unless_it_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("of_torchvision.safetensors");
    let weights = weights.to_string_lossy();
    let source = models::by_name("resnet50-v1.5", (32, 32, 3), 10, 1).unwrap();
    source.save_weights_for(&weights, Some(Scaling::Torchvision), &[]).unwrap();

    let mut experiment = Experiment::recipe("resnet50-v1.5", 1).unwrap();
    experiment.preparation.size = 32;
    experiment.weights = Some(weights.into_owned());
    let said = experiment.build(7).unwrap_err().to_string();
    assert!(said.contains("Torchvision") && said.contains("own_scaling"), "{said}");

    let wrong = Experiment { own_scaling: true, ..experiment.clone() };
    assert_eq!(wrong.build(7).unwrap().parameters()[0].values(), source.parameters()[0].values());
    experiment.scale_as_weights_expect().unwrap();
    assert_eq!(experiment.preparation.scaling, Scaling::Torchvision);
    experiment.build(7).unwrap();
}
