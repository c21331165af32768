//! Networks, from the multiplication up: operations on dfdx's tape, layers made of them, the report's networks made of
//! layers, and the weights that they can begin with (section 2.1.2).

pub mod models;
pub mod nn;
pub mod ops;
pub mod weights;
