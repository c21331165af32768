//! Exercises of notebook 6, epochs.
