//! Recipes: the project's own, and what is wrong with others.

use manga_expressions::data::{Augmentation, Scaling};
use manga_expressions::net::models::{self, NETWORKS};
use manga_expressions::net::nn::Head;
use manga_expressions::study::experiment::{Experiment, RECIPES, TestTimeAugmentation};
use manga_expressions::study::methods;
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
        // Scaled for the weights without having them, unless its name says that it is not.
        let wrong = recipe.name.ends_with("-zero-one");
        let scaling = match experiment.network.as_str() {
            _ if experiment.weights.is_some() && !wrong => Scaling::Caffe,
            // No recipe of the report's or of what it cites: without batch norm it learns sooner from centred pixels.
            "small_cnn" => Scaling::MinusOneToOne,
            _ => Scaling::ZeroToOne,
        };
        assert_eq!(experiment.preparation.scaling, scaling, "{}", recipe.name);
        assert_eq!(experiment.own_scaling, wrong, "{}", recipe.name);
        networks.insert(experiment.network);
    }
    assert_eq!(networks, NETWORKS.iter().map(|name| name.to_string()).collect());
}

/// Each is its network's recipe from scratch or frozen, in nothing but the weights and the scaling that its name says.
#[test]
fn the_imagenet_hypothesis_has_every_network_way_and_scaling() {
    let scalings =
        [("zero-one", Scaling::ZeroToOne), ("minus-one-one", Scaling::MinusOneToOne), ("caffe", Scaling::Caffe)];
    let mut files: HashSet<String> = recipes_in("recipes/imagenet-hypothesis").into_iter().collect();
    for (network, expected) in [("resnet50", Scaling::Caffe), ("resnet50v2", Scaling::MinusOneToOne)] {
        let base = Experiment::recipe(network, 1).unwrap();
        for (name, scaling) in scalings {
            let frozen_at = if network == "resnet50" { "layer4" } else { "post" };
            for (way, freeze) in [("all-layers", None), ("frozen", Some(frozen_at.to_string()))] {
                let recipe = match (network, way, name) {
                    ("resnet50", "frozen", "caffe") => "resnet50-frozen".to_string(),
                    ("resnet50", "frozen", "zero-one") => "resnet50-frozen-zero-one".to_string(),
                    _ => {
                        let file = format!("{network}-{way}-{name}");
                        assert!(files.remove(&file), "{file} is missing");
                        format!("recipes/imagenet-hypothesis/{file}.toml")
                    }
                };
                let mut wanted = base.clone();
                (wanted.weights, wanted.freeze) = (Some("imagenet".into()), freeze);
                (wanted.preparation.scaling, wanted.own_scaling) = (scaling, scaling != expected);
                assert_eq!(Experiment::recipe(&recipe, 1).unwrap(), wanted, "{recipe}");
                let frozen = models::by_name(network, (100, 100, 3), 7, 1).unwrap().freeze_as(wanted.freeze.as_deref());
                frozen.unwrap();
            }
        }
    }
    assert!(files.is_empty(), "{files:?}");
    let mut vgg16 = Experiment::recipe("vgg16", 1).unwrap();
    (vgg16.preparation.scaling, vgg16.own_scaling) = (Scaling::ZeroToOne, true);
    assert_eq!(Experiment::recipe("vgg16-zero-one", 1).unwrap(), vgg16);
}

#[test]
fn single_fields_are_changed_in_any_order() {
    let with = |changes: &[(&str, &str)]| Experiment::recipe_with("resnet50-tuned", 1, changes).unwrap();
    let base = Experiment::recipe("resnet50-tuned", 1).unwrap();
    assert_eq!(with(&[]), base);

    let mut wanted = base.clone();
    (wanted.training.mixup, wanted.training.epochs) = (Some(0.2), 3);
    wanted.training.augmentation.as_mut().unwrap().flip = 0.0;
    let changes = [("training.mixup", "0.2"), ("training.epochs", "3"), ("training.augmentation.flip", "0.0")];
    assert_eq!(with(&changes), wanted);
    assert_eq!(with(&[("training", "{ mixup = 0.2, epochs = 3 }"), changes[2]]), wanted);
    // A whole number for one with a fraction; words with and without quotation marks; a list.
    assert_eq!(with(&[("training.mixup", "1")]).training.mixup, Some(1.0));
    for word in ["layer2", "\"layer2\"", "'layer2'"] {
        assert_eq!(with(&[("freeze", word)]).freeze.as_deref(), Some("layer2"));
    }
    assert_eq!(with(&[("heads", "[{ stage = \"layer3\" }]")]).heads, [Head::on("layer3")]);

    // A field of the optimizer; another optimizer, of which nothing is left.
    let rate = ("training.optimizer.learning_rate", "0.1");
    assert_eq!(with(&[rate]).training.optimizer, Optimizer::adamw(0.1, 0.05));
    for changes in [[rate, ("training.optimizer.name", "sgd")], [("training.optimizer.name", "sgd"), rate]] {
        assert_eq!(with(&changes).training.optimizer, Optimizer::sgd(0.1, 0.0));
    }

    // The split of one seed, all else of another.
    let both = with(&[("training.seed", "5")]);
    assert_eq!((both.split.seed, both.training.seed), (1, 5));
}

#[test]
fn false_takes_away_what_may_be_absent() {
    let full = "network = \"resnet50\"\nweights = \"imagenet\"\nfreeze = \"layer1\"\npreparation.scaling = \"caffe\"\n\
                preparation.reduced = { to = 65 }\npretraining = { faces = 70, epochs = 1, seed = 1 }\n\
                [training]\nbody_learning_rate = 0.1\nmixup = 0.1\nweight_average = 0.9\nbatch_norm_momentum = 0.9\n\
                early_stopping = { patience = 3 }\n[training.augmentation]\n\
                downscaling = { probability = 0.5, from = 64, to = 128 }\nerasing = { probability = 0.5 }";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("full.toml").to_string_lossy().into_owned();
    std::fs::write(&file, full).unwrap();
    let all = serde_json::to_value(Experiment::recipe(&file, 1).unwrap()).unwrap();
    for key in [
        "weights",
        "freeze",
        "pretraining",
        "preparation.reduced",
        "training.body_learning_rate",
        "training.mixup",
        "training.weight_average",
        "training.batch_norm_momentum",
        "training.early_stopping",
        "training.augmentation",
        "training.augmentation.downscaling",
        "training.augmentation.erasing",
    ] {
        let pointer = format!("/{}", key.replace('.', "/"));
        assert!(all.pointer(&pointer).is_some_and(|value| !value.is_null()), "{key} was not there before");
        let without = Experiment::recipe_with(&file, 1, &[(key, "false")]).unwrap();
        let json = serde_json::to_value(&without).unwrap();
        assert!(json.pointer(&pointer).is_none_or(|value| value.is_null()), "{key}");
        // What a run keeps is read again.
        assert_eq!(serde_json::from_value::<Experiment>(json).unwrap(), without);
        let said = Experiment::recipe_with(&file, 1, &[(key, "true")]).unwrap_err().to_string();
        assert!(said.contains("or false for none"), "{key}: {said}");
    }
    let like = of_files(&[("mine.toml", "like = \"resnet50\"\ntraining.early_stopping = false")]).unwrap();
    assert_eq!(like.training.early_stopping, None);
    let whole = of_files(&[("mine.toml", "network = \"dcnn\"\ntraining.early_stopping = false")]).unwrap();
    assert_eq!(whole.training.early_stopping, None);
}

#[test]
fn other_weights_bring_their_scaling_unless_that_is_changed_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.safetensors").to_string_lossy().into_owned();
    let source = models::by_name("resnet50", (32, 32, 3), 7, 1).unwrap();
    source.save_weights_for(&file, Some(Scaling::Torchvision), &[]).unwrap();
    let with = |recipe: &str, changes: &[(&str, &str)]| {
        let experiment = Experiment::recipe_with(recipe, 1, changes).unwrap();
        (experiment.preparation.scaling, experiment.own_scaling)
    };
    let weights = ("weights", file.as_str());
    assert_eq!(with("resnet50-whole", &[weights]), (Scaling::Torchvision, false));
    assert_eq!(with("resnet50-frozen-zero-one", &[weights]), (Scaling::Torchvision, false));
    assert_eq!(with("resnet50-whole", &[weights, ("preparation.scaling", "caffe")]), (Scaling::Caffe, false));
    assert_eq!(with("resnet50-whole", &[("weights", "false")]), (Scaling::ZeroToOne, false));
    // Without weights there is no scaling but one's own.
    let own = [("preparation.scaling", "caffe"), ("own_scaling", "true")];
    assert_eq!(with("resnet50", &own), (Scaling::Caffe, false));
    assert_eq!(with("resnet50-whole", &[("preparation.scaling", "zero_to_one"), own[1]]), (Scaling::ZeroToOne, true));
}

#[test]
fn a_change_that_is_none_is_an_error_that_names_its_key() {
    for (key, value, wanted) in [
        (
            "training.epoch",
            "3",
            "with training.epoch=3 is no recipe: unknown field `epoch`, expected one of `epochs`, ",
        ),
        ("training.epochs", "many", "invalid type: string \"many\", expected usize\nin `training.epochs`"),
        ("training.epochs.x", "3", "in `training.epochs`"),
        ("training.optimizer.name", "adamax", "unknown variant `adamax`, expected one of `adam`, `adamw`, `sgd`"),
        ("training.keep", "all", "unknown variant `all`, expected `best` or `last`"),
        ("training.early_stopping.patience", "-1", "training.early_stopping.patience=-1 is no recipe: invalid value"),
        ("training.mixup", "", "training.mixup=: that is no value of TOML"),
        ("training.mixup", "1 2", "training.mixup=1 2: that is no value of TOML"),
        ("training.mixup", "0.1\ntraining = 3", "that is no value of TOML"),
        ("training..mixup", "1", "\"training..mixup\" is no key of a recipe"),
        ("", "1", "\"\" is no key of a recipe"),
        ("like", "dcnn", "unknown field `like`"),
    ] {
        let said = Experiment::recipe_with("resnet50", 1, &[(key, value)]).unwrap_err().to_string();
        assert!(said.contains(wanted), "{key}={value}: {said}");
    }
    let twice = [("training.mixup", "0.1"), ("training", "{ mixup = 0.2 }")];
    let said = Experiment::recipe_with("resnet50", 1, &twice).unwrap_err().to_string();
    assert!(said.contains("training is given twice"), "{said}");
    let said = methods::recipe_with("ridge-hog", 1, &[("largest_k", "3")]).unwrap_err().to_string();
    assert!(said.contains("recipes/ridge-hog.toml with largest_k=3 is no recipe: unknown field `largest_k`"), "{said}");
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
    assert_eq!((tuned.split.validation, tuned.test_time), (0.0, TestTimeAugmentation { flip: true, sizes: vec![] }));
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
    let source = models::by_name("resnet50", (32, 32, 3), 10, 1).unwrap();
    source.save_weights_for(&weights, Some(Scaling::Caffe), &[]).unwrap();
    let mut experiment = Experiment::recipe("resnet50-tuned", 7).unwrap();
    experiment.preparation.size = 32;
    experiment.weights = Some(weights.to_string_lossy().into_owned());
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
    let source = models::by_name("resnet50-v1.5", (32, 32, 3), 10, 1).unwrap();
    source.save_weights_for(&weights, Some(Scaling::Torchvision), &[]).unwrap();

    let mut experiment = Experiment::recipe("resnet50-v1.5", 1).unwrap();
    experiment.preparation.size = 32;
    experiment.weights = Some(weights.to_string_lossy().into_owned());
    let said = experiment.build(7).unwrap_err().to_string();
    assert!(said.contains("Torchvision") && said.contains("own_scaling"), "{said}");

    let wrong = Experiment { own_scaling: true, ..experiment.clone() };
    assert_eq!(wrong.build(7).unwrap().parameters()[0].values(), source.parameters()[0].values());
    experiment.scale_as_weights_expect().unwrap();
    assert_eq!(experiment.preparation.scaling, Scaling::Torchvision);
    experiment.build(7).unwrap();
}
