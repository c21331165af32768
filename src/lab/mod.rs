//! Setting up Jupyter and the Rust kernel, and running the notebooks without a browser.
