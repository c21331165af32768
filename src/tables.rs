//! Results as polars frames.
