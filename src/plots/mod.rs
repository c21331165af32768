//! Figures, drawn by plotters as SVG.
