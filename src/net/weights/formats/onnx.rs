//! ONNX files that were made of Keras's VGG-16: its convolutions, whatever head follows them.

use super::{Found, FromKeras};
use crate::net::nn::weights::{Number, Tensor, from_torch, to_f32};
use crate::net::weights::names::keras::{Array, Kind};
use prost::Message;

/// The parts of ONNX's `ModelProto` that hold weights, by their numbers in onnx.proto.
#[derive(Message)]
struct Model {
    #[prost(message, optional, tag = "7")]
    graph: Option<Graph>,
}

#[derive(Message)]
struct Graph {
    #[prost(message, repeated, tag = "5")]
    initializers: Vec<Initializer>,
}

/// `TensorProto`.
#[derive(Message)]
struct Initializer {
    #[prost(int64, repeated, tag = "1")]
    sides: Vec<i64>,
    #[prost(int32, tag = "2")]
    kind_of_number: i32,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "vec", tag = "9")]
    numbers: Vec<u8>,
}

/// `TensorProto.DataType.FLOAT`.
const FLOAT: i32 = 1;

pub(super) fn read(bytes: &[u8]) -> FromKeras {
    let model = Model::decode(bytes).map_err(|error| format!("is damaged or no ONNX file: {error}"))?;
    let mut arrays = Vec::new();
    for initializer in model.graph.map(|graph| graph.initializers).unwrap_or_default() {
        let Some((layer, kind)) = convolution(&initializer.name) else { continue };
        let name = &initializer.name;
        if initializer.kind_of_number != FLOAT {
            return Err(format!("tensor {name} does not hold 32-bit numbers"));
        }
        let theirs: Vec<usize> = initializer.sides.iter().map(|side| *side as usize).collect();
        let values = to_f32(&initializer.numbers, Number::F32);
        if theirs.iter().try_fold(1usize, |product, side| product.checked_mul(*side)) != Some(values.len()) {
            return Err(format!("tensor {name} has {} values, which do not make {theirs:?}", values.len()));
        }
        // ONNX has PyTorch's order of axes, whatever it was made of.
        let shape = match theirs[..] {
            [to, from, height, width] => vec![height, width, from, to],
            _ => theirs,
        };
        let tensor = Tensor { values: from_torch(values, &shape), shape };
        arrays.push(Array { layer: layer.into(), kind, tensor });
    }
    Ok(Found { arrays, epsilon: None })
}

/// The convolution and its array that an initializer is: `functional_1/block1_conv1_1/convolution/ReadVariableOp:0` its
/// kernel, `functional_1/block1_conv1_1/Squeeze:0` its bias.
fn convolution(name: &str) -> Option<(&str, Kind)> {
    let mut words = name.split('/').skip_while(|word| !word.starts_with("block"));
    let (layer, what) = (words.next()?, words.next()?);
    let kind = match what.split(':').next()? {
        "convolution" => Kind::Kernel,
        "Squeeze" => Kind::Bias,
        _ => return None,
    };
    // block1_conv1, and a number that tells it from others of that name.
    let end = layer.match_indices('_').nth(1).map_or(layer.len(), |(at, _)| at);
    Some((&layer[..end], kind))
}
