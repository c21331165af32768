//! HDF5 files of Keras: a group for each layer, with a data set for each array.

use super::{Found, FromKeras};
use crate::net::nn::weights::{Number, Tensor, to_f32};
use crate::net::weights::names::keras::{Array, Kind};
use hdf5_pure::{AttrValue, DType, Datatype, File, Group};

/// The group that holds the layers where the whole model was saved and not its weights alone.
const WHOLE_MODEL: &str = "model_weights";

/// What to do with files of Keras 3, which count their layers instead of naming them.
pub(super) const ADVICE: &str = "is no HDF5 file of Keras's that names its layers, as *_notop.h5 do. In Python, load the model and write \
     from keras.src.legacy.saving import legacy_h5_format; legacy_h5_format.save_model_to_hdf5(model, \"model.h5\")";

pub(super) fn read(bytes: Vec<u8>) -> FromKeras {
    let damaged = |error: hdf5_pure::Error| format!("is damaged or no HDF5 file: {error}");
    let length = bytes.len() as u64;
    let file = File::from_bytes(bytes).map_err(damaged)?;
    let whole = file.superblock().eof_address;
    if length < whole {
        return Err(format!("is cut off: it has {length} bytes of {whole}"));
    }
    let root = file.root();
    let model = match root.group(WHOLE_MODEL) {
        Ok(group) => group,
        Err(_) => root,
    };
    let layers = texts(&model, "layer_names").map_err(damaged)?;
    if layers.is_empty() {
        return Err(ADVICE.into());
    }
    let mut arrays = Vec::new();
    for layer in layers {
        let group = model.group(&layer).map_err(|error| format!("has no layer {layer}: {error}"))?;
        for name in texts(&group, "weight_names").map_err(damaged)? {
            let array = || {
                let data = group.dataset(&name)?;
                if let Datatype::FloatingPoint { size: 2, .. } = data.datatype()? {
                    return Ok((data.shape()?, DType::F32, to_f32(&data.read_raw()?, Number::F16)));
                }
                Ok((data.shape()?, data.dtype()?, data.read_f32()?))
            };
            let (shape, kind_of_number, values) =
                array().map_err(|error: hdf5_pure::Error| format!("cannot give the tensor {name}: {error}"))?;
            if !matches!(kind_of_number, DType::F32 | DType::F64) {
                return Err(format!("tensor {name} is of type {kind_of_number}; weights are f32 or f64"));
            }
            let kind =
                Kind::of(&name).ok_or(format!("has a tensor {name}, which is none of a layer's of these networks"))?;
            let shape: Vec<usize> = shape.into_iter().map(|side| side as usize).collect();
            if shape.iter().product::<usize>() != values.len() {
                return Err(format!("tensor {name} has {} values, which do not make {shape:?}", values.len()));
            }
            let layer = layer_of(&name, &layer).to_string();
            arrays.push(Array { layer, kind, tensor: Tensor { shape, values } });
        }
    }
    Ok(Found { arrays, epsilon: None })
}

/// The layer of an array that lies in a group: the group's name, which a name as `conv1_conv/kernel:0` repeats. The group of a
/// network within another model is called after the network, and has the arrays of all its layers.
fn layer_of<'a>(array: &'a str, group: &'a str) -> &'a str {
    match array.rsplit_once('/') {
        Some((layer, _)) if !layer.starts_with(group) => layer,
        _ => group,
    }
}

/// The texts of an attribute; none where there is no such attribute. Keras divides what is too long for one into `name0`,
/// `name1` and so on.
fn texts(group: &Group, name: &str) -> Result<Vec<String>, hdf5_pure::Error> {
    let attributes = group.attrs()?;
    let of = |name: &str| match attributes.get(name)? {
        AttrValue::StringArray(texts)
        | AttrValue::StringArraySized { values: texts, .. }
        | AttrValue::AsciiStringArray(texts)
        | AttrValue::AsciiStringArraySized { values: texts, .. }
        | AttrValue::VarLenStringArray(texts)
        | AttrValue::VarLenAsciiStringArray(texts) => Some(texts.clone()),
        // An empty list, as of a layer without weights, is one of numbers.
        _ => Some(Vec::new()),
    };
    Ok(match of(name) {
        Some(texts) => texts,
        None => (0..).map_while(|i| of(&format!("{name}{i}"))).flatten().collect(),
    })
}
