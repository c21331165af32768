//! Exercises of notebook 11, k-nearest neighbours.
