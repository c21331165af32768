//! Figure 21: how many parameters networks have.

/// How many parameters a network has, as Keras's summary ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterTotals {
    /// The network's name, as [`crate::net::models::by_name`] takes it.
    pub network: &'static str,
    /// All parameters.
    pub total: usize,
    /// Those that are learnt.
    pub trainable: usize,
    /// Those that stay as they are.
    pub non_trainable: usize,
}

/// The totals of the report's VGG-16 and GoogLeNet (figure 21). It has none for ResNet-50.
pub fn parameter_totals() -> Vec<ParameterTotals> {
    vec![
        ParameterTotals { network: "vgg16", total: 14_781_255, trainable: 66_567, non_trainable: 14_714_688 },
        ParameterTotals { network: "googlenet", total: 6_392_645, trainable: 6_392_645, non_trainable: 0 },
    ]
}
