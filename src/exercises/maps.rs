//! Exercises of notebook 9, activation and heat maps.
