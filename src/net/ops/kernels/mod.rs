//! What the operations compute, on plain slices, and how a tensor is seen as one (`view`). No tape; the only `unsafe` code
//! of the library.
//!
//! Work is cut into jobs by the shapes alone, never by the number of threads, and sums over jobs are added in a fixed
//! order. So a result has the same bits on one thread and on sixteen.

pub(super) mod adaptive_pool;
pub(super) mod batch_norm;
pub(super) mod columns;
pub(super) mod conv;
mod conv_backward;
pub(super) mod elementwise;
pub(super) mod finish;
pub(super) mod gemm;
pub(super) mod memory;
pub(super) mod pool;
mod vector;
pub(super) mod view;
mod winograd;
mod winograd_tiles;
mod winograd_transforms;
