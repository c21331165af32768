//! What an expression is made of: the state of eyes, brows and mouth, and the signs that are added.

/// The pose of all features.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    /// The eyes, left and right in the picture.
    pub eyes: [Eye; 2],
    /// The brows.
    pub brow: Brow,
    /// The mouth.
    pub mouth: Mouth,
    /// Strength of the blush, 0 to 1.
    pub blush: f32,
    /// Whether the blush runs across the nose.
    pub across: bool,
    /// Tears.
    pub tears: Tears,
    /// Number of drops of sweat.
    pub sweat: usize,
    /// Whether an anger vein stands out.
    pub vein: bool,
    /// Length of the gloomy lines that come down from the forehead, 0 to 1.
    pub gloom: f32,
    /// Nod of the head, in radians, positive down.
    pub pitch: f32,
    /// Probability of lines behind the head that run to the middle.
    pub burst: f32,
}

/// How the lids of an eye are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lids {
    /// Open: the eye is seen.
    Open,
    /// Closed by the cheek: an arch upwards, as in laughing.
    Arch,
    /// Closed by the lid: an arch downwards, as in sleep.
    Droop,
    /// Pressed shut.
    Squeezed,
    /// Wide and empty.
    Blank,
}

/// One eye.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eye {
    /// The lids.
    pub lids: Lids,
    /// How far it is open: 1 is calm.
    pub open: f32,
    /// Slant of the upper lid: positive comes down at the nose (anger), negative at the outer corner (sorrow).
    pub slant: f32,
    /// How far the cheek pushes up the lower lid.
    pub cheek: f32,
    /// Factor of the iris' size.
    pub iris: f32,
    /// Where it looks, parts of the possible.
    pub gaze: (f32, f32),
    /// How much it shimmers with additional highlights.
    pub shimmer: f32,
}

/// Both brows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brow {
    /// How far they are raised.
    pub raise: f32,
    /// Positive: the inner ends come down (anger). Negative: they rise (sorrow).
    pub slant: f32,
    /// How strongly they are knit: moved together, with furrows.
    pub knit: f32,
}

/// What a mouth is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lips {
    /// Closed: one line.
    Line,
    /// Closed: a trembling line.
    Wavy,
    /// Open.
    Open,
    /// The teeth are shown and closed.
    Teeth,
}

/// The mouth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mouth {
    /// What it is.
    pub lips: Lips,
    /// Half its width.
    pub width: f32,
    /// How far the corners are up (smile) or down.
    pub smile: f32,
    /// How far it is open.
    pub open: f32,
    /// From a round (0) to a boxy (1) lower edge.
    pub boxy: f32,
    /// Whether the upper teeth are seen.
    pub teeth: bool,
    /// Whether it trembles.
    pub tremble: f32,
}

/// Tears.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tears {
    /// How full the lower lids are, 0 to 1.
    pub pool: f32,
    /// Width of the streams down the cheeks, 0 for none.
    pub stream: f32,
    /// Drops at the eyes.
    pub drops: usize,
}
