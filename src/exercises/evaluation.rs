//! Exercises of notebook 8, how good it is.
