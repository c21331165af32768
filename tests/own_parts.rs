//! Parts of one's own, as a cell or another crate writes them: networks, optimizers, methods and heat maps that enter all
//! that those of the library do.

use manga_expressions::net::models;
use manga_expressions::prelude::{Method as MapMethod, *};
use manga_expressions::study::methods::{Answer, Answers, Context, FoldTask, Method, Prepared};
use manga_expressions::training::{Update, UpdateRule};

/// Under 20 lines, as in a cell.
fn register_mine() -> Result<()> {
    models::register("mine", (16, 16, 1), |(h, w, c), classes, seed| {
        let init = Initializer::keras(seed);
        let body = Sequential::new()
            .then(Box::new(Conv2d::new("conv", &init, c, 8, (3, 3)).padding(Padding::Same)))
            .then(Box::new(Relu::new("relu")))
            .then(Box::new(MaxPool::new("pool", 2, 2, Padding::Valid)));
        let head = Sequential::new()
            .then(Box::new(manga_expressions::net::nn::Flatten::new("flatten")))
            .then(Box::new(Dense::new("dense", &init, (h / 2) * (w / 2) * 8, classes)));
        let stages = vec![Stage::new("body", Box::new(body)), Stage::new("head", Box::new(head))];
        Network::of_stages("mine", (h, w, c), classes, stages)
    })
}

fn experiment() -> Experiment {
    let mut experiment = Experiment { source: Source::Drawn { count: 140, seed: 3 }, ..Experiment::new("mine", 1) };
    (experiment.preparation.size, experiment.preparation.channels) = (16, 1);
    experiment.preparation.scaling = Scaling::MinusOneToOne;
    (experiment.training.epochs, experiment.training.threads) = (4, Some(1));
    experiment
}

#[test]
fn it_is_cross_validated_trained_as_a_lesson_and_explained() {
    register_mine().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = FoldSettings { folds: 2, seeds: vec![1] };
    let all = CrossValidation::new(experiment(), settings, folder.path()).unwrap();
    let scores = all.run(2, &|_, _| ()).unwrap().scores().unwrap();
    assert_eq!((scores.images, scores.repeats), (140, 1));

    let lessons = Lessons::train_experiments(&["mine"], &[experiment()]).unwrap();
    let lesson = lessons.get("mine").unwrap();
    assert_eq!(lesson.history.epochs.len(), 4);
    assert!(lesson.history.epochs[3].train_loss < lesson.history.epochs[0].train_loss);

    let dataset = experiment().source.load().unwrap();
    let parts = experiment().parts(&dataset).unwrap();
    let mut network = experiment().build(dataset.classes().len()).unwrap();
    experiment().fit(&mut network, &parts).unwrap();
    let image = parts.test.images.select(&[0]);
    let map = grad_cam(&network, &image, parts.test.labels[0], None).unwrap();
    assert_eq!(map.stage(), Some("body"));
}

#[test]
fn a_name_of_the_library_is_refused_and_an_unknown_one_lists_those_there_are() {
    let build = |input, classes, seed| models::small_cnn(input, classes, seed);
    let said = models::register("vgg16", (16, 16, 1), build).unwrap_err().to_string();
    assert!(said.contains("vgg16") && said.contains("choose another"), "{said}");
    assert!(models::register(" ", (16, 16, 1), build).is_err());
    models::register("listed", (16, 16, 1), build).unwrap();
    let said = models::by_name("unlisted", (16, 16, 1), 7, 1).unwrap_err().to_string();
    assert!(said.contains("small_cnn") && said.contains("listed"), "{said}");
}

#[test]
fn another_network_of_the_same_name_does_not_get_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("run").to_string_lossy().into_owned();
    let wide = |(h, w, c): (usize, usize, usize), classes, seed| {
        let init = Initializer::keras(seed);
        let layers = Sequential::new()
            .then(Box::new(Conv2d::new("conv", &init, c, 4, (3, 3)).padding(Padding::Same).stride(2)))
            .then(Box::new(GlobalAvgPool::new("pool")))
            .then(Box::new(Dense::new("dense", &init, 4, classes)));
        Network::of_stages("changing", (h, w, c), classes, vec![Stage::new("head", Box::new(layers))])
    };
    // The same weights in the same shapes; only the stride is another.
    let narrow = |(h, w, c): (usize, usize, usize), classes, seed| {
        let init = Initializer::keras(seed);
        let layers = Sequential::new()
            .then(Box::new(Conv2d::new("conv", &init, c, 4, (3, 3)).padding(Padding::Same).stride(4)))
            .then(Box::new(GlobalAvgPool::new("pool")))
            .then(Box::new(Dense::new("dense", &init, 4, classes)));
        Network::of_stages("changing", (h, w, c), classes, vec![Stage::new("head", Box::new(layers))])
    };
    let mut experiment = Experiment { network: "changing".into(), ..experiment() };
    experiment.training.epochs = 1;
    models::register("changing", (16, 16, 1), wide).unwrap();
    experiment.run(&run, true, Progress::quiet()).unwrap();
    experiment.run(&run, true, Progress::quiet()).unwrap();
    models::register("changing", (16, 16, 1), narrow).unwrap();
    let said = experiment.run(&run, true, Progress::quiet()).unwrap_err().to_string();
    assert!(said.contains("registered"), "{said}");
}

/// Answers with the expression of the photo whose mean brightness is nearest.
#[derive(Debug)]
struct NearestBrightness;

struct Brightness {
    means: Vec<f32>,
    labels: Vec<usize>,
    classes: usize,
}

impl Method for NearestBrightness {
    fn settings(&self) -> Result<serde_json::Value> {
        Ok(serde_json::json!({ "method": "nearest brightness" }))
    }

    fn prepare(&self, on: &Context) -> Result<Box<dyn Prepared>> {
        let images = Preparation { size: 8, ..Preparation::default() }.apply(on.dataset)?.images;
        let mean = |i| images.image(i).iter().sum::<f32>() / images.image(i).len() as f32;
        Ok(Box::new(Brightness {
            means: (0..images.len()).map(mean).collect(),
            labels: on.dataset.labels().to_vec(),
            classes: on.dataset.classes().len(),
        }))
    }
}

impl Prepared for Brightness {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        let nearest = |photo: usize| {
            let distance = |other: &&usize| (self.means[**other] - self.means[photo]).abs();
            task.train.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
        };
        let answer =
            |&photo: &usize| Answer::certain(nearest(photo).map_or(0, |&near| self.labels[near]), self.classes);
        Ok(Answers::new(task.test.iter().map(answer).collect()))
    }
}

#[test]
fn a_method_of_ones_own_enters_the_leaderboard() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let kept = at("kept");
    std::fs::create_dir(&kept).unwrap();
    let settings = FoldSettings { folds: 2, seeds: vec![1, 2] };
    let faces = Source::Drawn { count: 140, seed: 3 };
    let own = CrossValidation::new(NearestBrightness, settings.clone(), at("own")).unwrap().on(faces.clone());
    own.run(1, &|_, _| ()).unwrap().save(format!("{kept}/nearest-brightness.csv")).unwrap();
    let majority = CrossValidation::new(Majority {}, settings, at("majority")).unwrap().on(faces);
    majority.run(1, &|_, _| ()).unwrap().save(format!("{kept}/majority.csv")).unwrap();
    let board = Leaderboard::of(&MethodResult::all_in(&kept).unwrap()).unwrap();
    let mut names: Vec<&str> = board.rows.iter().map(|row| row.method.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["majority", "nearest-brightness"]);
    assert!(board.rows.iter().all(|row| row.scores.repeats == 2 && row.scores.images == 140));
}

/// One whose answers are for other photos than it was asked about.
#[derive(Debug)]
struct Deaf;

struct Silent;

impl Method for Deaf {
    fn settings(&self) -> Result<serde_json::Value> {
        Ok(serde_json::Value::Null)
    }

    fn prepare(&self, _: &Context) -> Result<Box<dyn Prepared>> {
        Ok(Box::new(Silent))
    }
}

impl Prepared for Silent {
    fn fit(&self, task: &FoldTask) -> Result<Answers> {
        Ok(Answers::new(vec![Answer::certain(9, 7); task.test.len()]))
    }
}

#[test]
fn answers_that_are_no_classes_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let settings = FoldSettings { folds: 2, seeds: vec![1] };
    let all = CrossValidation::new(Deaf, settings, folder.path()).unwrap();
    let said = all.on(Source::Drawn { count: 28, seed: 3 }).run(1, &|_, _| ()).unwrap_err().to_string();
    assert!(said.contains("14 answers for 14 photos of 7 classes"), "{said}");
}

/// SGD with momentum, written again, to be compared with the library's.
#[derive(Debug)]
struct HeavyBall;

impl UpdateRule for HeavyBall {
    fn name(&self) -> &'static str {
        "heavy_ball"
    }

    fn moments(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn update(&self, mut of: Update) {
        let rate = of.learning_rate as f32;
        let velocity = &mut of.moments[0];
        for ((weight, gradient), velocity) in of.weights.iter_mut().zip(of.gradient).zip(velocity.iter_mut()) {
            *velocity = 0.9 * *velocity + gradient;
            *weight -= rate * *velocity;
        }
    }
}

#[test]
fn an_optimizer_of_ones_own_trains_is_kept_and_goes_on_after_an_interruption() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let trained = |optimizer: Optimizer, run: &str, epochs: usize| {
        let mut experiment =
            Experiment { source: Source::Drawn { count: 56, seed: 3 }, ..Experiment::new("small_cnn", 1) };
        (experiment.preparation.size, experiment.preparation.channels) = (16, 1);
        (experiment.training.epochs, experiment.training.optimizer) = (epochs, optimizer);
        experiment.run(at(run), true, Progress::quiet()).unwrap().history
    };
    let own = Optimizer::own(&HeavyBall, 0.01).unwrap();
    let losses = |history: &History| history.epochs.iter().map(|epoch| epoch.train_loss).collect::<Vec<f64>>();
    let (mine, theirs) = (trained(own, "own", 3), trained(Optimizer::sgd(0.01, 0.9), "sgd", 3));
    for (a, b) in losses(&mine).iter().zip(losses(&theirs)) {
        assert!((a - b).abs() < 1e-4, "{a} and {b}");
    }
    // The run's settings name the rule, by which they are read again.
    let run = Run::open(at("own")).unwrap();
    assert_eq!(run.settings().training.optimizer, own);
    assert_eq!(losses(&trained(own, "own", 3)), losses(&mine));
    let text = serde_json::to_string(&own).unwrap().replace("heavy_ball", "light_ball");
    assert!(serde_json::from_str::<Optimizer>(&text).unwrap_err().to_string().contains("light_ball"));
}

/// The mean of the channels after a stage: where the network is active at all.
#[derive(Debug)]
struct Activity;

impl HeatMapMethod for Activity {
    fn map(&self, network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
        let mut target = manga_expressions::explain::Target::new(network, image, &class)?;
        let features = target.features(stage)?;
        let channels = features.values.shape().3;
        target.map("activity", &features, 0, &vec![1.0 / channels as f64; channels])
    }
}

#[test]
fn a_heat_map_of_ones_own_is_compared_with_those_of_the_library() {
    let dataset = Source::Drawn { count: 7, seed: 1 }.load().unwrap();
    let photos = Preparation { size: 32, ..Preparation::default() }.apply(&dataset).unwrap();
    let network = small_cnn((32, 32, 1), 7, 1);
    let settings = FaithfulnessSettings { steps: 4, random_maps: 2, ..FaithfulnessSettings::default() };
    let methods = [MapMethod::GradCam, MapMethod::Own(&Activity)];
    let rows = compare_methods(&network, &photos, None, &methods, &settings).unwrap();
    assert_eq!(rows.iter().map(|row| row.method.as_str()).collect::<Vec<_>>(), ["Grad-CAM", "activity"]);
    assert_eq!(rows[1].images, 7);
}
