//! How p-values are read and written.

/// Whether it is below 0.05, the usual level.
pub(super) fn is_small(p: f64) -> bool {
    p < 0.05
}

/// As in a column of a table: `0.031`, `< 0.001`.
pub(crate) fn shown(p: f64) -> String {
    if p < 0.001 { "< 0.001".into() } else { format!("{p:.3}") }
}

/// As in a sentence: `p = 0.031`, `p < 0.001`.
pub(super) fn said(p: f64) -> String {
    let equals = if p < 0.001 { "" } else { "= " };
    format!("p {equals}{}", shown(p))
}
