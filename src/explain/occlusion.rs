//! Occlusion: M. D. Zeiler, R. Fergus: Visualizing and Understanding Convolutional Networks (2014), section 4.2.

use super::HeatMap;
use super::target::{Target, mean_image};
use crate::data::{Images, Rectangle};
use crate::net::nn::Network;
use crate::{Error, Result};

/// How many patches lie side by side in the usual size.
const PATCHES: usize = 5;

/// Occlusion of `class` in one `image` (`1, H, W, C`): a square of `side` pixels is covered at one place after the other,
/// and a pixel's heat is by how much the probability of the class falls, as a mean over the squares that cover it; a rise
/// counts as 0.
///
/// The network is not looked into, so the map is true to it however it is built; but it finds only what matters on its
/// own, not two eyes of which one is enough. Squares move by half their side, the last to the edge. They are filled with
/// the image's mean (the paper's are grey). Without a `side` a fifth of the shorter side is taken. The mean over
/// overlapping squares is that of Captum's `Occlusion`; the paper shows one value for each square.
///
/// # Errors
/// As [`grad_cam`](super::grad_cam); a side of 0 or larger than the image.
pub fn occlusion(network: &Network, image: &Images, class: usize, side: Option<usize>) -> Result<HeatMap> {
    let mut target = Target::new(network, image, &class)?;
    let (height, width) = target.size();
    let shorter = height.min(width);
    let side = side.unwrap_or(shorter.div_ceil(PATCHES));
    if !(1..=shorter).contains(&side) {
        return Err(Error::Invalid(format!(
            "a square of {side} pixels cannot cover parts of an image of {height} x {width}: the side must be 1 to \
             {shorter}"
        )));
    }
    let (tops, lefts) = (starts(height, side), starts(width, side));
    let squares: Vec<Rectangle> = tops
        .iter()
        .flat_map(|&top| lefts.iter().map(move |&left| Rectangle { top, left, height: side, width: side }))
        .collect();
    let shape = (height, width, image.shape().3);
    let mean = mean_image(image)?;
    let covered = |index: usize| {
        let mut values = image.values().to_vec();
        if let Some(square) = index.checked_sub(1) {
            squares[square].fill(&mut values, shape, &mean.values()[..shape.2]);
        }
        values
    };
    let probabilities = target.probabilities(1 + squares.len(), &covered)?;
    let (mut falls, mut covers) = (vec![0.0; height * width], vec![0.0; height * width]);
    for (square, covered) in squares.iter().zip(&probabilities[1..]) {
        for row in square.top..square.top + side {
            for pixel in row * width + square.left..row * width + square.left + side {
                falls[pixel] += probabilities[0] - covered;
                covers[pixel] += 1.0;
            }
        }
    }
    let heat = falls.iter().zip(&covers).map(|(fall, covers)| (fall / covers) as f32).collect();
    let grid = (tops.len(), lefts.len());
    HeatMap::new("Occlusion", class, probabilities[0] as f32, None, grid, (height, width), heat)
}

/// Where squares of `side` begin along an image of `length` pixels.
fn starts(length: usize, side: usize) -> Vec<usize> {
    let last = length - side;
    let mut starts: Vec<usize> = (0..last).step_by((side / 2).max(1)).collect();
    starts.push(last);
    starts
}
