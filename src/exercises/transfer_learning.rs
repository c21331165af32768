//! Exercises of notebook 10, transfer learning.
