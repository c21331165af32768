//! Exercises of notebook 2, the data set.
