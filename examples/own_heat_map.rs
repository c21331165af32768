//! A heat map of one's own beside the library's, and how faithful both are.
//!
//! `cargo run --release --example own_heat_map`

use manga_expressions::explain::Target;
use manga_expressions::prelude::*;

/// The gradient times the activation, summed over the channels (A. Shrikumar et al.: Not Just a Black Box, 2016).
#[derive(Debug)]
struct GradientTimesActivation;

impl HeatMapMethod for GradientTimesActivation {
    fn map(&self, network: &Network, image: &Images, class: usize, stage: Option<&str>) -> Result<HeatMap> {
        let mut target = Target::new(network, image, &class)?;
        let features = target.features(stage)?; // 1, H, W, C after the stage
        let gradient = target.gradient(&features)?;
        let (_, h, w, channels) = features.values.shape();
        let products: Vec<f32> = gradient.iter().zip(features.values.values()).map(|(g, a)| g * a).collect();
        let places: Vec<f32> = products.chunks_exact(channels).map(|place| place.iter().sum()).collect();
        target.map_of_places("Gradient x activation", &features, 0, (h, w), &places)
    }
}

fn main() -> Result<()> {
    let mut experiment = Experiment::recipe("small_cnn", 1)?;
    experiment.source = Source::Drawn { count: 700, seed: 1 };
    experiment.training.epochs = 15;
    let dataset = experiment.source.load()?;
    let parts = experiment.parts(&dataset)?;
    let mut network = experiment.build(dataset.classes().len())?;
    Training::new(&experiment.training).run(&mut network, &parts.train, Some(&parts.validation))?;
    let methods = [Method::GradCam, Method::Own(&GradientTimesActivation)];
    let settings = FaithfulnessSettings::default();
    let rows = compare_methods(&network, &parts.test.first(20), Some("block2"), &methods, &settings)?;
    println!("{}", Table::methods(&rows)?);
    Ok(())
}
