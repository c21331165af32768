//! The grey levels of an image, and changing them.

/// Darkest, lightest and mean value of each channel of an image.
#[derive(Debug)]
pub(super) struct Levels {
    darkest: Vec<f32>,
    lightest: Vec<f32>,
    mean: Vec<f32>,
}

impl Levels {
    /// Those of an image with `channels`, of at least one pixel; none where a value is not a finite number.
    pub fn of(image: &[f32], channels: usize) -> Option<Levels> {
        let (mut darkest, mut lightest) = (vec![f32::INFINITY; channels], vec![f32::NEG_INFINITY; channels]);
        let mut sum = vec![0.0; channels];
        for pixel in image.chunks_exact(channels) {
            for (k, &value) in pixel.iter().enumerate() {
                darkest[k] = darkest[k].min(value);
                lightest[k] = lightest[k].max(value);
                sum[k] += f64::from(value);
            }
        }
        let pixels = (image.len() / channels) as f64;
        // One such value is enough for the sum not to be finite.
        sum.iter().all(|sum| sum.is_finite()).then(|| {
            let mean = sum.iter().map(|sum| (sum / pixels) as f32).collect();
            Levels { darkest, lightest, mean }
        })
    }

    /// The mean of each channel.
    pub fn mean(&self) -> &[f32] {
        &self.mean
    }

    /// The lightest value of each channel.
    pub fn lightest(&self) -> &[f32] {
        &self.lightest
    }

    /// Multiplies the differences from the mean by `contrast`, then adds `brightness` times the range. After each, what
    /// is darker than the darkest value becomes that, and what is lighter than the lightest; as paper and ink do.
    pub fn change(&self, image: &mut [f32], contrast: f32, brightness: f32) {
        for pixel in image.chunks_exact_mut(self.mean.len()) {
            for (k, value) in pixel.iter_mut().enumerate() {
                let (low, high, mean) = (self.darkest[k], self.lightest[k], self.mean[k]);
                let contrasted = (mean + contrast * (*value - mean)).clamp(low, high);
                *value = (contrasted + brightness * (high - low)).clamp(low, high);
            }
        }
    }
}
