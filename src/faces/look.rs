//! What a character looks like: everything that stays when the expression changes.

use super::dice::Dice;

/// A character's looks, in face units where they are lengths.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// Seed of the details that are not worth a name, as the place of each lock of hair.
    pub seed: u64,
    /// Width of the pen for outlines.
    pub line: f32,
    /// Grey of the ink.
    pub ink: u8,
    /// Distance of the dots of its screentones.
    pub dots: f32,
    /// Half the width of the face at the cheeks.
    pub width: f32,
    /// Height of the tip of the chin.
    pub chin: f32,
    /// How full the jaw is, 0 (a wedge) to 1.
    pub jaw: f32,
    /// Half the width of the chin's flat end.
    pub blunt: f32,
    /// Darkness of the skin's screentone, often 0.
    pub skin: f32,
    /// The eyes.
    pub eye: EyeLook,
    /// The brows.
    pub brow: BrowLook,
    /// The nose.
    pub nose: Nose,
    /// Height of the mouth.
    pub mouth: f32,
    /// Factor of the mouth's width.
    pub mouth_size: f32,
    /// Grey inside an open mouth.
    pub mouth_inside: u8,
    /// How this artist draws a blush.
    pub blush: Blush,
    /// Whether the cheeks are always a little pink.
    pub rosy: bool,
    /// The hair.
    pub hair: HairLook,
    /// Whether there are glasses.
    pub glasses: bool,
    /// Grey of the clothes.
    pub clothes: u8,
}

/// The shape of the open eyes.
#[derive(Clone, Debug)]
pub(super) struct EyeLook {
    /// Distance of each from the middle.
    pub apart: f32,
    /// Half the width.
    pub width: f32,
    /// Half the height when it is calmly open.
    pub height: f32,
    /// How much the outer corner lies above the inner one.
    pub tilt: f32,
    /// Thickness of the upper lid.
    pub lid: f32,
    /// Number of single lashes.
    pub lashes: usize,
    /// Whether a crease is drawn above the lid.
    pub crease: bool,
    /// How the iris is filled.
    pub iris: Iris,
    /// Factor of the iris' size.
    pub iris_size: f32,
    /// The side of the large highlight, -1 or 1.
    pub light: f32,
}

/// How an iris is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Iris {
    /// Black.
    Black,
    /// Grey with a pupil, darker above.
    Grey,
    /// White with a ring and a pupil.
    Ringed,
    /// Screentone with a pupil.
    Dotted,
}

/// The brows at rest.
#[derive(Clone, Debug)]
pub(super) struct BrowLook {
    /// Thickness in the middle.
    pub thick: f32,
    /// Half the length.
    pub length: f32,
    /// Height above the eye's upper lid.
    pub above: f32,
    /// How strongly they are arched.
    pub arch: f32,
}

/// How the nose is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Nose {
    /// A short stroke.
    Stroke,
    /// A small corner.
    Corner,
    /// Two nostrils.
    Nostrils,
    /// A ridge and a nostril.
    Ridge,
}

/// How a blush is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Blush {
    /// Slanted strokes.
    Hatching,
    /// Screentone.
    Dots,
    /// Both.
    Both,
}

/// The hair.
#[derive(Clone, Debug)]
pub(super) struct HairLook {
    /// How it is filled.
    pub fill: HairFill,
    /// The hair over the forehead.
    pub fringe: Fringe,
    /// Where it parts, -0.6 to 0.6.
    pub parting: f32,
    /// Height at which the hair behind the head ends.
    pub length: f32,
    /// How far it stands off the head.
    pub volume: f32,
    /// How far its ends stand off to the sides.
    pub flare: f32,
    /// Waves in its sides, 0 for straight hair.
    pub wave: f32,
    /// Length of the spikes on the crown, 0 for smooth hair.
    pub spikes: f32,
    /// Number of locks in the fringe.
    pub locks: usize,
    /// Length of the strands before the ears, 0 for none.
    pub strands: f32,
    /// Single fine lines within the locks.
    pub fine: usize,
}

/// How hair is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HairFill {
    /// White: fair hair.
    White,
    /// Screentone of this darkness.
    Tone(f32),
    /// Black with a white gloss.
    Black,
}

/// The hair over the forehead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fringe {
    /// Cut straight above the eyes.
    Straight,
    /// Swept to the sides from a parting.
    Swept,
    /// Two curtains that leave the forehead free.
    Curtains,
    /// Long loose points.
    Spiky,
    /// Combed back.
    Bare,
}

impl Look {
    /// The looks of the character with this seed.
    pub fn new(seed: u64) -> Look {
        let dice = &mut Dice::new(seed, 0);
        // Manga tells boys from girls, and the young from the old, by many small traits at once: one number moves them together.
        let soft = if dice.chance(0.62) { dice.between(0.55, 1.0) } else { dice.between(0.0, 0.5) };
        let girl = soft > 0.5;
        Look {
            seed: dice.seed(),
            line: dice.between(0.013, 0.03),
            ink: dice.between(8.0, 50.0) as u8,
            dots: dice.between(0.028, 0.05),
            width: dice.around(0.82 + 0.05 * soft, 0.025),
            chin: dice.around(1.18 - 0.16 * soft, 0.04),
            jaw: dice.between(0.25, 0.8),
            blunt: dice.between(0.06, 0.17),
            skin: if dice.chance(0.1) { dice.between(0.06, 0.18) } else { 0.0 },
            eye: eye(dice, soft),
            brow: BrowLook {
                thick: dice.around(0.075 - 0.042 * soft, 0.01).max(0.02),
                length: dice.around(0.24, 0.02),
                above: dice.around(0.16 + 0.05 * soft, 0.025),
                arch: dice.around(0.05, 0.02),
            },
            nose: dice.pick(&[
                (3.0, Nose::Stroke),
                (3.0, Nose::Corner),
                (1.0, Nose::Nostrils),
                (2.0 - 1.5 * soft, Nose::Ridge),
            ]),
            mouth: dice.around(0.74 - 0.07 * soft, 0.02),
            mouth_size: dice.around(1.15, 0.08),
            mouth_inside: dice.pick(&[(3.0, 30), (2.0, 95), (2.0, 150), (2.0, 252)]),
            blush: dice.pick(&[(4.0, Blush::Hatching), (2.0, Blush::Dots), (2.0, Blush::Both)]),
            rosy: dice.chance(0.1 + 0.15 * soft),
            hair: hair(dice, girl),
            glasses: dice.chance(0.07),
            clothes: dice.pick(&[(4.0, 252), (1.0, 200), (2.0, 25), (1.0, 120)]),
        }
    }
}

fn eye(dice: &mut Dice, soft: f32) -> EyeLook {
    EyeLook {
        apart: dice.around(0.43, 0.015),
        width: dice.around(0.225 + 0.025 * soft, 0.012),
        height: dice.around(0.13 + 0.115 * soft, 0.018),
        tilt: dice.around(0.02, 0.03),
        lid: dice.around(0.05 + 0.022 * soft, 0.009),
        lashes: if soft > 0.5 { dice.whole(0, 4) } else { 0 },
        crease: dice.chance(0.65),
        iris: dice.pick(&[(3.0, Iris::Black), (4.0, Iris::Grey), (1.5, Iris::Ringed), (2.0, Iris::Dotted)]),
        iris_size: dice.around(1.0, 0.05),
        light: dice.side(),
    }
}

fn hair(dice: &mut Dice, girl: bool) -> HairLook {
    let tone = dice.between(0.14, 0.55);
    let fill = dice.pick(&[(5.0, HairFill::White), (3.0, HairFill::Tone(tone)), (2.6, HairFill::Black)]);
    let fringe = if girl {
        dice.pick(&[
            (4.0, Fringe::Straight),
            (4.0, Fringe::Swept),
            (1.5, Fringe::Curtains),
            (1.0, Fringe::Spiky),
            (0.5, Fringe::Bare),
        ])
    } else {
        dice.pick(&[
            (0.7, Fringe::Straight),
            (3.0, Fringe::Swept),
            (1.0, Fringe::Curtains),
            (4.0, Fringe::Spiky),
            (1.2, Fringe::Bare),
        ])
    };
    let long = girl && fringe != Fringe::Bare;
    HairLook {
        fill,
        fringe,
        parting: if dice.chance(0.35) { 0.0 } else { dice.side() * dice.between(0.15, 0.5) },
        length: if long { dice.pick(&[(2.0, 0.95), (1.5, 1.25), (3.0, 2.4)]) } else { dice.between(0.3, 0.6) },
        volume: dice.between(0.06, 0.2),
        flare: if long { dice.between(-0.12, 0.25) } else { dice.between(-0.12, 0.02) },
        wave: if long && dice.chance(0.3) { dice.between(0.03, 0.09) } else { 0.0 },
        spikes: match (girl, fringe) {
            (false, Fringe::Spiky) => dice.between(0.12, 0.42),
            (false, Fringe::Swept) if dice.chance(0.4) => dice.between(0.08, 0.25),
            _ => 0.0,
        },
        locks: dice.whole(5, 9),
        strands: if long {
            dice.between(0.6, 1.5)
        } else if dice.chance(0.6) {
            dice.between(0.25, 0.55)
        } else {
            0.0
        },
        fine: dice.whole(4, 16),
    }
}
