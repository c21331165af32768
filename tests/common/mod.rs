//! What tests of operations and networks share.
#![allow(dead_code)] // Each test uses a part of it.

pub mod golden;
pub mod naive;
pub mod rule;

use dfdx::prelude::*;
use manga_expressions::net::ops::{Activation, Parameter, Role};

/// A weight called `name` with the given values.
pub fn weight(name: &str, shape: &[usize], values: Vec<f32>) -> Parameter {
    Parameter::new(name, Role::Weight, shape, values)
}

/// The gradients of `sum(y * cotangent)`.
pub fn backward(y: Activation, cotangent: &[f32]) -> Gradients<f32, Cpu> {
    let (y, recorder) = y.split_tape();
    let cotangent = Cpu::default().tensor_from_vec(cotangent.to_vec(), *y.shape());
    let y = y.put_tape(recorder.into_tape().expect("a recorded pass"));
    (y * cotangent).sum::<Rank0, _>().backward()
}

/// The gradient of `x`; zeros where none was computed.
pub fn gradient<S: Shape>(gradients: &mut Gradients<f32, Cpu>, x: &Tensor<S, f32, Cpu>) -> Vec<f32> {
    gradients.get_or_alloc_mut(x).unwrap().to_vec()
}

/// Euclidean norm.
pub fn norm(values: &[f32]) -> f64 {
    dot(values, values).sqrt()
}

/// Sum of products.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| *a as f64 * *b as f64).sum()
}

/// What `run` returns on one thread, having checked that it has the same bits on 2, 3 and 5.
#[track_caller]
pub fn on_any_threads(name: &str, run: impl Fn() -> Vec<Vec<f32>> + Sync) -> Vec<Vec<f32>> {
    let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(&run);
    let alone = on(1);
    for threads in [2, 3, 5] {
        for (i, (some, one)) in on(threads).iter().zip(&alone).enumerate() {
            let same = some.len() == one.len() && some.iter().zip(one).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{name}: result {i} has other bits on {threads} threads than on one");
        }
    }
    alone
}
