//! Which learning rate to train with: a short training whose rate rises from step to step.

use super::event::Event;
use super::fit::{Fit, Weights};
use super::optimizer::LearningRates;
use super::random::{Purpose, shuffled, stream};
use super::rate_curve::{RateCurve, RateRange, RateRecorder};
use super::schedule::Schedule;
use super::settings::Settings;
use crate::Result;
use crate::data::LabelledImages;
use crate::net::nn::Network;
use crate::net::nn::weights::set_parameters;
use rand::RngCore;

/// Trains `network` on `train` for a few steps, each with a batch and a higher learning rate than the one before, and
/// returns the loss against the rate (L. N. Smith 2017; the report's section 2.2.2 and figure 9). Equivalent to fastai's
/// `Learner.lr_find`, with the steps of this library's training.
///
/// The steps are those of [`fit`](super::fit) with these settings: batches in the same order, augmentation, auxiliary
/// heads, label smoothing, frozen stages. Where the body has a rate of its own, it rises with that of the head, in the
/// ratio of the settings. Number of epochs, schedule and early stopping mean nothing here. It ends after all steps of
/// the `range`, when the smoothed loss is more than four times its lowest value, or at the first loss that is not a
/// finite number. Whatever happens, the network then is what it was before, to the bit. The same settings give the
/// same curve, on any number of threads.
///
/// The observer hears of each step as [`Event::Rate`].
///
/// # Errors
/// As [`fit`](super::fit); [`Error::Invalid`](crate::Error::Invalid) also for a range that cannot be, and where the
/// loss is no finite number before the first step.
///
/// ```
/// use manga_expressions::data::Preparation;
/// use manga_expressions::data::{Dataset};
/// use manga_expressions::faces::FaceSet;
/// use manga_expressions::net::models::dcnn;
/// use manga_expressions::training::{Progress, RateRange, Settings, learning_rate_finder};
///
/// let faces = Dataset::from_faces(&FaceSet::new(14, 1))?;
/// let train = Preparation { size: 48, ..Preparation::default() }.apply(&faces)?;
/// let mut network = dcnn((48, 48, 1), 7, 1);
/// let range = RateRange { steps: 6, ..RateRange::default() };
/// let settings = Settings { batch_size: 2, ..Settings::default() };
/// let mut progress = Progress::quiet(); // or `Progress::lines()`
/// let curve = learning_rate_finder(&mut network, &train, &settings, &range, &mut |event| progress.observe(event))?;
/// assert!(curve.rates.len() <= 6 && curve.rates[0] == 1e-7);
/// # Ok::<(), manga_expressions::Error>(())
/// ```
pub fn learning_rate_finder(
    network: &mut Network,
    train: &LabelledImages,
    settings: &Settings,
    range: &RateRange,
    observer: &mut dyn FnMut(&Event),
) -> Result<RateCurve> {
    range.check()?;
    let settings = Settings { epochs: 1, schedule: Schedule::Constant, early_stopping: None, ..settings.clone() };
    let mut fit = Fit::new(network, train, None, &settings)?;
    let restored = Restored { weights: fit.last.clone(), network };
    let network = &mut *restored.network;
    let inputs = fit.inputs(network, observer)?;
    let base = settings.optimizer.learning_rate();
    let body_fraction = settings.body_learning_rate.map_or(1.0, |body| body / base);
    let mut recorder = RateRecorder::new(network.name(), settings.seed, range);
    for epoch in 1.. {
        let mut pass_seeds = stream(settings.seed, Purpose::Dropout, epoch);
        for indices in shuffled(train.len(), settings.seed, epoch).chunks(settings.batch_size) {
            let rate = recorder.rate();
            let rates = LearningRates { head: rate, body: body_fraction * rate };
            let done = fit.step(network, &inputs, epoch, indices, pass_seeds.next_u64(), rates)?;
            let loss = f64::from(done.loss);
            let goes_on = recorder.push(loss);
            let (step, steps) = (recorder.steps(), range.steps);
            observer(&Event::Rate { step, steps, learning_rate: rate, loss });
            if !goes_on {
                return recorder.finish();
            }
        }
    }
    recorder.finish()
}

/// A network that has its weights again when this is dropped: at the end, after an error, in a panic.
struct Restored<'a> {
    network: &'a mut Network,
    weights: Weights,
}

impl Drop for Restored<'_> {
    fn drop(&mut self) {
        set_parameters(self.network, &self.weights);
    }
}
