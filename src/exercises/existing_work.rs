//! Exercises of notebook 1, existing work.
