//! Exercises of notebook 7, time and processor.
