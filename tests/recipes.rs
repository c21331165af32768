//! Recipes: the project's own, and what is wrong with others.

use manga_expressions::data::{Augmentation, Scaling};
use manga_expressions::experiment::{Experiment, RECIPES, TestTime};
use manga_expressions::methods;
use manga_expressions::models::{self, NETWORKS};
use manga_expressions::nn::Head;
use manga_expressions::training::{BatchNormMode, Keep, OneCycle, Optimizer, Schedule};
use std::collections::HashSet;

/// The complaint about a recipe of this text.
fn complaint(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, text).unwrap();
    Experiment::recipe(&file.to_string_lossy(), 1).unwrap_err().to_string()
}

/// The names of the recipes in a folder, without those in folders below.
fn recipes_in(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_suffix(".toml").map(String::from)).collect()
}

#[test]
fn every_ablation_differs_from_its_base_and_can_be_built() {
    let base = Experiment::recipe("resnet50-tuned-128", 1).unwrap();
    let mut seen = vec![base.clone()];
    for name in recipes_in("recipes/ablations") {
        let ablation = Experiment::recipe(&format!("recipes/ablations/{name}.toml"), 1).unwrap();
        assert!(!seen.contains(&ablation), "{name} is another once more");
        ablation.training.augmentation.as_ref().unwrap().check().unwrap();
        let side = ablation.preparation.size;
        let mut network = models::resnet50((side, side, 3), 7, 1).with_heads(&ablation.heads).unwrap();
        if ablation.freeze.as_deref() != Some("nothing") {
            network.freeze_through(ablation.freeze.as_deref().unwrap()).unwrap();
        }
        seen.push(ablation);
    }
    assert!(seen.len() > 20);
}

#[test]
fn every_file_of_the_folder_is_a_recipe_with_a_network_that_can_be_built() {
    let files: HashSet<String> = recipes_in("recipes").into_iter().collect();
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
        if !experiment.heads.is_empty() {
            network = network.with_heads(&experiment.heads).unwrap();
        }
        match experiment.freeze.as_deref() {
            None | Some("nothing") => {}
            Some(stage) => network.freeze_through(stage).unwrap(),
        }
        // Scaled for the weights without having them.
        let scaling = match (&*experiment.network, experiment.weights.is_some()) {
            ("small_cnn", false) => Scaling::MinusOneToOne,
            (_, false) => Scaling::ZeroToOne,
            (_, true) => Scaling::Caffe,
        };
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
fn the_tuned_recipe_says_all_of_what_it_repeats() {
    let tuned = Experiment::recipe("resnet50-tuned", 1).unwrap();
    let on = |stage: &str, grid| Head { grid, batch_norm: true, dropout: 0.5, ..Head::on(stage) };
    assert_eq!(tuned.heads, [on("layer3", 3), on("layer4", 2)]);
    assert_eq!((tuned.freeze.as_deref(), tuned.preparation.size), (Some("layer1"), 160));
    assert_eq!((tuned.split.validation, tuned.test_time), (0.0, TestTime { flip: true, sizes: vec![] }));
    let training = tuned.training;
    assert_eq!((training.epochs, training.batch_size, training.keep), (14, 32, Keep::Last));
    assert_eq!(training.optimizer, Optimizer::adamw(1e-3, 0.05));
    assert_eq!((training.body_learning_rate, training.label_smoothing), (Some(1.5e-4), 0.1));
    assert_eq!(training.schedule, Schedule::OneCycle(OneCycle::default()));
    assert_eq!(training.batch_norm, BatchNormMode::Running);
    // The same as what the library calls strong.
    assert_eq!(training.augmentation, Some(Augmentation::strong()));
    assert_eq!((training.mixup, training.weight_average), (None, None));
}

/// The experiment of the last of these files, `name` and text, in one folder.
fn of_files(files: &[(&str, &str)]) -> manga_expressions::Result<Experiment> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Experiment::recipe(&folder.path().join(files.last().unwrap().0).to_string_lossy(), 1)
}

#[test]
fn a_recipe_that_is_like_another_has_its_fields_but_for_its_own() {
    let base = Experiment::recipe("resnet50-tuned", 1).unwrap();
    let like = |text: &str| of_files(&[("mine.toml", &format!("like = \"resnet50-tuned\"\n{text}"))]).unwrap();
    assert_eq!(like(""), base);
    let mut wanted = base.clone();
    wanted.training.label_smoothing = 0.0;
    assert_eq!(like("[training]\nlabel_smoothing = 0.0"), wanted);
    let mut wanted = base.clone();
    wanted.training.augmentation.as_mut().unwrap().erasing.as_mut().unwrap().probability = 0.0;
    assert_eq!(like("training.augmentation.erasing.probability = 0.0"), wanted);
    let wanted = Experiment { heads: vec![Head::on("layer3")], ..base.clone() };
    assert_eq!(like("[[heads]]\nstage = \"layer3\""), wanted);
    let wanted = Experiment { heads: vec![], ..base.clone() };
    assert_eq!(like("heads = []"), wanted);
    // A field of the same optimizer, and another optimizer, which knows nothing of the first.
    let optimizer = |text: &str| like(&format!("training.optimizer = {text}")).training.optimizer;
    assert_eq!(optimizer("{ learning_rate = 0.002 }"), Optimizer::adamw(0.002, 0.05));
    assert_eq!(optimizer("{ name = \"sgd\", learning_rate = 0.1 }"), Optimizer::sgd(0.1, 0.0));

    // One after the other, files beside each other.
    let files = [
        ("a.toml", "like = \"resnet50-tuned\"\ntraining.epochs = 3\ntraining.mixup = 0.2"),
        ("b.toml", "like = \"a.toml\"\ntraining.epochs = 5"),
    ];
    let both = of_files(&files).unwrap();
    assert_eq!((both.training.epochs, both.training.mixup, both.preparation.size), (5, Some(0.2), 160));
}

#[test]
fn recipes_that_are_like_none_or_themselves_are_named() {
    let complaint = |files: &[(&str, &str)]| of_files(files).unwrap_err().to_string();
    let said = complaint(&[("mine.toml", "like = \"resnet50-tune\"")]);
    assert!(said.contains("mine.toml: like: there is no recipe \"resnet50-tune\"") && said.contains("vgg16"), "{said}");
    let said = complaint(&[("mine.toml", "like = 7")]);
    assert!(said.contains("mine.toml: like is no name of a recipe but of the type integer"), "{said}");
    let said = complaint(&[("mine.toml", "like = \"mine.toml\"")]);
    assert!(said.contains("is like itself"), "{said}");
    let said = complaint(&[("a.toml", "like = \"b.toml\""), ("b.toml", "like = \"a.toml\"")]);
    assert!(said.contains("is like itself") && said.contains("a.toml -> "), "{said}");
    let said = complaint(&[("mine.toml", "like = \"other.toml\"")]);
    assert!(said.contains("other.toml"), "{said}");
    let said = complaint(&[("mine.toml", "like = \"dcnn\"\n[training]\nepoch = 3")]);
    assert!(said.contains("mine.toml is no recipe") && said.contains("epoch"), "{said}");
    let said = complaint(&[("a.toml", "network = \"dcnn\"\nepochs = 3"), ("b.toml", "like = \"a.toml\"")]);
    assert!(said.contains("epochs"), "{said}");
    // A field that names nothing is an error here too.
    let said = complaint(&[("mine.toml", "network = \"dcnn\"\n[[heads]]\nstage = \"a\"\ngrids = 2")]);
    assert!(said.contains("grids") && said.contains("line 4"), "{said}");
}

#[test]
fn heads_stand_on_pretrained_stages_and_the_rest_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("of_keras.safetensors");
    let weights = weights.to_string_lossy();
    let source = models::by_name("resnet50", (32, 32, 3), 10, 1).unwrap();
    source.save_weights_for(&weights, Some(Scaling::Caffe), &[]).unwrap();
    let mut experiment = Experiment::recipe("resnet50-tuned", 7).unwrap();
    experiment.preparation.size = 32;
    experiment.weights = Some(weights.into_owned());
    experiment.heads.truncate(1);
    let network = experiment.build(7).unwrap();
    assert_eq!(network.stages(), ["stem", "layer1", "layer2", "layer3", "head"]);
    assert_eq!(network.frozen_stages(), 2);
    for (ours, theirs) in network.parameters().into_iter().zip(source.parameters()) {
        assert!(ours.name.starts_with("head.") || ours.values() == theirs.values(), "{}", ours.name);
    }
    experiment.freeze = Some("layer4".into());
    let said = experiment.build(7).unwrap_err().to_string();
    assert!(said.contains("no stage \"layer4\"") && said.contains("layer3"), "{said}");
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
