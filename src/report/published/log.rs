//! Figure 1: the log of cited work 1.

/// One epoch of the log of cited work 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoggedEpoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// The loss of single batches: after 0, 75, 150 and 225 of 300 training photos.
    pub batch_losses: [f64; 4],
    /// "Average loss" on the test photos. That of epoch 1 is 49.2, where guessing has 1.9.
    pub test_loss: f64,
    /// How many test photos were right.
    pub correct: usize,
    /// How many test photos there are.
    pub photos: usize,
}

/// The log of cited work 1: a ResNet-50 in PyTorch, three epochs (figure 1).
pub fn pytorch_log() -> Vec<LoggedEpoch> {
    let rows = [
        ([1.307388, 1.987805, 2.105261, 1.290375], 49.1651, 26),
        ([1.261794, 1.404785, 1.291204, 1.131131], 1.9434, 52),
        ([1.052421, 0.763120, 1.070751, 0.854838], 1.7767, 63),
    ];
    let epoch = |(i, (batch_losses, test_loss, correct))| LoggedEpoch {
        epoch: i + 1,
        batch_losses,
        test_loss,
        correct,
        photos: 150,
    };
    rows.into_iter().enumerate().map(epoch).collect()
}
