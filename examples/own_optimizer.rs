//! An optimizer of one's own beside Adam: signSGD (J. Bernstein et al. 2018), which follows only the signs.
//!
//! `cargo run --release --example own_optimizer`

use manga_expressions::prelude::*;
use manga_expressions::training::{Update, UpdateRule};

#[derive(Debug)]
struct SignSgd;

impl UpdateRule for SignSgd {
    fn name(&self) -> &'static str {
        "sign_sgd"
    }

    fn update(&self, of: Update) {
        let rate = of.learning_rate as f32;
        of.weights.iter_mut().zip(of.gradient).for_each(|(weight, gradient)| *weight -= rate * gradient.signum());
    }
}

fn main() -> Result<()> {
    for optimizer in [Optimizer::adam(0.002), Optimizer::own(&SignSgd, 0.0005)?] {
        let mut experiment = Experiment::recipe("small_cnn", 1)?;
        experiment.source = Source::Drawn { count: 420, seed: 1 };
        (experiment.training.epochs, experiment.training.optimizer) = (10, optimizer);
        let dataset = experiment.source.load()?;
        let parts = experiment.parts(&dataset)?;
        let mut network = experiment.build(dataset.classes().len())?;
        println!("{optimizer:?}");
        Training::new(&experiment.training).run(&mut network, &parts.train, Some(&parts.validation))?;
        println!("{}\n", experiment.evaluate(&mut network, &dataset, &parts)?.accuracy);
    }
    Ok(())
}
