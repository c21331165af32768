//! Exercises of notebook 3, the networks.
