//! Exercises of notebook 4, preparing the photos.
