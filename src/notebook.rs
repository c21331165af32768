//! How a Jupyter cell shows tables, figures and images.
