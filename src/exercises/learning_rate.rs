//! Exercises of notebook 5, the learning rate.
