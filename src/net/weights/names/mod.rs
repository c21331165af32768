//! What others call the tensors, and what they are called here.

pub(super) mod keras;
pub(super) mod torch;
