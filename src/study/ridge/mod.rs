//! Ridge regression on many more features than photos (A. Hoerl and R. Kennard 1970), as a classifier.
//!
//! Each class is a target of 0 and 1. With some hundred photos and ten thousands of features the dual form is the cheap one
//! (C. Saunders et al. 1998): all that is needed of the features is the [`Kernel`], the product of every two photos. One
//! decomposition of it gives the solution for every penalty, and what each photo would be given by a model that never saw
//! it ([`Ridge::left_out`]), so that the penalty and the [`temperature`] are chosen within the training photos.

mod kernel;
mod model;
mod temperature;

pub use kernel::{ColumnScaling, Kernel};
pub use model::Ridge;
pub use temperature::{cross_entropy, probabilities, temperature};
