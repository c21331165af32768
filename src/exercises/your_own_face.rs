//! Exercises of notebook 13, a face of your own.
