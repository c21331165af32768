//! What a network costs: speed, arithmetic and memory of a training step and of inference.

use super::predict::outputs;
use super::step::{Batch, step_with};
use super::workers::Workers;
use super::{LearningRates, Optimizer, OptimizerState, Settings};
use crate::data::Images;
use crate::net::nn::{Mode, Network, Pass};
use crate::net::ops;
use crate::{Error, Result};
use cpu_time::ProcessTime;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// A training step: forward, loss, backward, and the update by SGD with momentum. Frozen stages take no part in it, as
    /// in a training without augmentation, which goes through them once for all epochs.
    Train,
    /// Logits in inference mode.
    Infer,
}

/// The cost of some work on one machine, over all steps measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Name of the network.
    pub network: String,
    /// Its last frozen stage, if there is one.
    #[serde(default)]
    pub frozen_through: Option<String>,
    /// What was measured.
    pub work: Work,
    /// Threads that were used.
    pub threads: usize,
    /// Images in a step.
    pub batch: usize,
    /// Height of the images, in pixels.
    pub size: usize,
    /// Steps that were measured, after two that were not.
    pub steps: usize,
    /// Images a second.
    pub images_per_second: f64,
    /// Images a second of processor time, over all threads.
    pub images_per_cpu_second: f64,
    /// Thousand million floating-point operations for each image of a step; those of convolutions and dense layers, each
    /// product and each sum as one, as [`Network::multiply_adds`] counts them.
    pub gflop_per_image: f64,
    /// Thousand million floating-point operations a second.
    pub gflops_per_second: f64,
    /// Floating-point operations a second of processor time, as a fraction of what large matrix products reached on as many
    /// threads just before.
    pub peak_fraction: f64,
    /// Largest memory of the process so far, in MiB; none where the system does not tell.
    pub peak_memory_mib: Option<f64>,
}

/// How the cost of one network grows with what it is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostGrowth {
    /// With the size of the images, in batches of the same number.
    pub by_size: Vec<Cost>,
    /// With the images in a batch, of the same size.
    pub by_batch: Vec<Cost>,
}

/// Measures `steps` steps of `work` with batches of `batch` random images, on `threads` threads. Measuring a training
/// trains the network on noise: it is of no other use afterwards.
///
/// # Errors
/// No step, image or thread, or more than any machine has use for.
pub fn cost(network: &mut Network, work: Work, threads: usize, batch: usize, steps: usize) -> Result<Cost> {
    for (what, value, most) in [("threads", threads, 1024), ("images", batch, 4096), ("steps", steps, 1_000_000)] {
        if !(1..=most).contains(&value) {
            return Err(Error::Invalid(format!("a cost is measured with 1 to {most} {what}, not {value}")));
        }
    }
    let workers = Workers::new(Some(threads))?;
    let peak = workers.run(|| peak_gflops(threads));
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (h, w, c) = network.input();
    let images = Images::new((batch, h, w, c), (0..batch * h * w * c).map(|_| rng.r#gen()).collect())?;
    let labels: Vec<usize> = (0..batch).map(|i| i % network.classes()).collect();
    let settings = Settings { optimizer: Optimizer::sgd(0.01, 0.9), ..Settings::default() };
    let mut optimizer = OptimizerState::new(settings.optimizer, network)?;
    let rates = LearningRates::both(settings.optimizer.learning_rate());
    let from = if work == Work::Train { network.fixed_stages() } else { 0 };
    let inputs = outputs(&workers, network, 0..from, &images, &mut |_| {})?;
    let batch_of_step = Batch { images: &inputs, labels: &labels, from, mixup: None };
    let mut one_step = |network: &mut Network| match work {
        Work::Train => step_with(network, &mut optimizer, &batch_of_step, &settings, rates, 1).map(|_| ()),
        Work::Infer => network.forward(images.to_tensor(), &mut Pass::new(Mode::Inference, 1)).map(|_| ()),
    };
    for _ in 0..2 {
        workers.run(|| one_step(network))?;
    }
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    for _ in 0..steps {
        workers.run(|| one_step(network))?;
    }
    let (seconds, cpu_seconds) = (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64());
    let peak_memory_mib = peak_memory_mib();
    let images = (batch * steps) as f64;
    let mode = if work == Work::Train { Mode::Training } else { Mode::Inference };
    let gflop_per_image = 2e-9 * network.multiply_adds_from(from, mode)? as f64;
    let gflop = gflop_per_image * images;
    Ok(Cost {
        network: network.name().into(),
        frozen_through: network.frozen_stages().checked_sub(1).map(|last| network.stages()[last].to_string()),
        work,
        threads,
        batch,
        size: h,
        steps,
        images_per_second: images / seconds,
        images_per_cpu_second: images / cpu_seconds,
        gflop_per_image,
        gflops_per_second: gflop / seconds,
        peak_fraction: gflop / cpu_seconds / peak,
        peak_memory_mib,
    })
}

impl Cost {
    /// What it is the cost of: the network, and whether it only passes forward, or is frozen in part.
    pub fn name(&self) -> String {
        match (self.work, &self.frozen_through) {
            (Work::Infer, _) => format!("{}, forward", self.network),
            (Work::Train, Some(_)) => format!("{}, frozen", self.network),
            (Work::Train, None) => self.network.clone(),
        }
    }

    /// How busy the processor was: processor seconds for each second on the clock, 1 for one core.
    pub fn cpu_use(&self) -> f64 {
        self.images_per_second / self.images_per_cpu_second
    }
}

/// Thousand million floating-point operations a second of processor time of large matrix products on `threads` threads.
fn peak_gflops(threads: usize) -> f64 {
    const PRODUCTS: usize = 20;
    ops::matrix_products(threads, 2);
    let cpu = ProcessTime::now();
    let operations = ops::matrix_products(threads, PRODUCTS);
    1e-9 * operations / cpu.elapsed().as_secs_f64()
}

/// The largest resident memory of this process so far; Linux only.
pub(super) fn peak_memory_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let work = if self.work == Work::Train { "training step" } else { "inference" };
        let memory = self.peak_memory_mib.map_or(String::from("unknown"), |m| format!("{m:.0} MiB"));
        write!(
            f,
            "{} {work}, batch {}, {} thread(s): {:.1} images/s, {:.1} images/CPU s, {:.0} GFLOP/s ({:.0} % of the peak), \
             peak memory {memory}",
            self.network,
            self.batch,
            self.threads,
            self.images_per_second,
            self.images_per_cpu_second,
            self.gflops_per_second,
            100.0 * self.peak_fraction,
        )
    }
}
