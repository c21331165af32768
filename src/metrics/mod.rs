//! How good a classifier is: confusion matrix, classification report, intervals.
