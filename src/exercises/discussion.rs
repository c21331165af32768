//! Exercises of notebook 12, the discussion.
