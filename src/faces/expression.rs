//! How the features of a face are posed for each expression.
//!
//! Nothing here decides alone: each trait is drawn from a distribution, and most traits occur in several expressions (a tear in a sad
//! face, a smiling mouth that is open in a pleased one), as they do in manga. A weak face lies near the neutral one.

use super::dice::Dice;
use super::pose::{Brow, Expression, Eye, Lids, Lips, Mouth, Tears};

impl Expression {
    /// A face of this expression (an index into [`crate::data::EXPRESSIONS`]).
    pub fn sample(expression: usize, dice: &mut Dice) -> Expression {
        let mut face = neutral(dice);
        match expression {
            0 => sad(&mut face, dice),
            1 => pleased(&mut face, dice),
            2 => shock(&mut face, dice),
            3 => angry(&mut face, dice),
            4 => crying(&mut face, dice),
            5 => happy(&mut face, dice),
            _ => embarrassed(&mut face, dice),
        }
        face
    }

    fn each_eye(&mut self, mut change: impl FnMut(&mut Eye)) {
        self.eyes.iter_mut().for_each(&mut change);
    }
}

/// A calm face with its small accidents; what every expression starts from.
fn neutral(dice: &mut Dice) -> Expression {
    let eye = Eye {
        lids: Lids::Open,
        open: dice.around(1.0, 0.07),
        slant: dice.around(0.0, 0.06),
        cheek: 0.0,
        iris: dice.around(1.0, 0.04),
        gaze: (dice.around(0.0, 0.25), dice.around(0.0, 0.1)),
        shimmer: 0.0,
    };
    Expression {
        eyes: [eye; 2],
        brow: Brow { raise: dice.around(0.0, 0.02), slant: dice.around(0.0, 0.05), knit: 0.0 },
        mouth: Mouth {
            lips: Lips::Line,
            width: dice.around(0.15, 0.03),
            smile: dice.around(0.0, 0.01),
            open: 0.0,
            boxy: 0.0,
            teeth: false,
            tremble: 0.0,
        },
        blush: if dice.chance(0.12) { dice.between(0.2, 0.5) } else { 0.0 },
        across: false,
        tears: Tears { pool: 0.0, stream: 0.0, drops: 0 },
        sweat: usize::from(dice.chance(0.06)),
        vein: false,
        gloom: 0.0,
        pitch: dice.around(0.0, 0.05),
        burst: 0.1,
    }
}

fn sad(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.45, 1.1);
    let lids = dice.pick(&[(8.0, Lids::Open), (1.3, Lids::Droop)]);
    let down = (dice.around(0.0, 0.45), dice.between(0.0, 0.7) * strong);
    let open = 1.0 - dice.between(0.05, 0.4) * strong;
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.slant -= 0.5 * strong;
        eye.gaze = down;
    });
    face.brow = Brow {
        raise: dice.around(0.0, 0.025),
        slant: -0.38 * strong + dice.around(0.0, 0.06),
        knit: dice.between(0.0, 0.6),
    };
    face.mouth.smile = -0.055 * strong + dice.around(0.0, 0.012);
    face.mouth.width = dice.around(0.15, 0.03);
    if dice.chance(0.2) {
        face.mouth.lips = Lips::Open;
        face.mouth.open = dice.between(0.03, 0.09);
        face.mouth.width *= 0.7;
    } else if dice.chance(0.1) {
        face.mouth.lips = Lips::Wavy;
    }
    face.tears.pool = if dice.chance(0.2) { dice.between(0.3, 0.7) } else { 0.0 };
    face.tears.drops = usize::from(dice.chance(0.14));
    face.gloom = if dice.chance(0.22) { dice.between(0.4, 0.9) } else { 0.0 };
    face.pitch = dice.around(0.07, 0.06);
}

fn pleased(face: &mut Expression, dice: &mut Dice) {
    let lids = dice.pick(&[(4.5, Lids::Open), (3.0, Lids::Arch), (2.8, Lids::Droop)]);
    let (open, cheek) = (dice.between(0.6, 1.0), dice.between(0.1, 0.6));
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.cheek = cheek;
        eye.slant -= 0.12;
    });
    face.brow = Brow { raise: dice.around(0.03, 0.025), slant: dice.around(-0.1, 0.07), knit: 0.0 };
    face.mouth.smile = dice.between(0.03, 0.085);
    face.mouth.width = dice.around(0.19, 0.035);
    if dice.chance(0.14) {
        face.mouth.lips = Lips::Open;
        face.mouth.open = dice.between(0.05, 0.12);
        face.mouth.teeth = dice.chance(0.3);
    }
    if dice.chance(0.4) {
        face.blush = dice.between(0.25, 0.7);
    }
}

fn shock(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.5, 1.1);
    let lids = dice.pick(&[(7.0, Lids::Open), (2.8, Lids::Blank)]);
    let open = 1.0 + dice.between(0.25, 0.5) * strong;
    let iris = 1.0 - dice.between(0.15, 0.6) * strong;
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.iris = iris;
        eye.gaze = (eye.gaze.0 * 0.6, 0.0);
    });
    face.brow = Brow { raise: 0.13 * strong + dice.around(0.0, 0.02), slant: dice.around(-0.08, 0.1), knit: 0.0 };
    let mouth = &mut face.mouth;
    match dice.pick(&[(5.0, 0), (2.5, 1), (1.2, 2), (1.0, 3)]) {
        0 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.06, 0.15);
            mouth.open = dice.between(0.08, 0.3) * strong;
            mouth.boxy = dice.between(0.0, 0.5);
            mouth.smile = dice.around(-0.02, 0.012);
        }
        1 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.16, 0.26);
            mouth.open = dice.between(0.2, 0.42) * strong;
            mouth.boxy = dice.between(0.3, 1.0);
            mouth.smile = dice.around(-0.03, 0.015);
            mouth.teeth = dice.chance(0.3);
        }
        2 => mouth.width = dice.between(0.05, 0.1),
        _ => mouth.lips = Lips::Wavy,
    }
    face.sweat = if dice.chance(0.35) { dice.whole(1, 3) } else { 0 };
    face.gloom = if dice.chance(0.28) { dice.between(0.5, 1.1) } else { 0.0 };
    if dice.chance(0.12) {
        face.blush = dice.between(0.3, 0.8);
    }
    face.pitch = dice.around(-0.03, 0.05);
    face.burst = 0.22;
}

fn angry(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.5, 1.1);
    let lids = dice.pick(&[(9.0, Lids::Open), (0.7, Lids::Squeezed)]);
    let open = 1.0 - dice.between(-0.2, 0.35) * strong;
    let iris = 1.0 - dice.between(0.0, 0.4) * strong;
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.slant += 0.85 * strong;
        eye.cheek = 0.15 * strong;
        eye.iris = iris;
    });
    let slant = 0.5 * strong + dice.around(0.0, 0.05);
    face.brow = Brow { raise: -0.07 * strong, slant, knit: dice.between(0.3, 1.0) * strong };
    let mouth = &mut face.mouth;
    match dice.pick(&[(3.5, 0), (3.5, 1), (2.0, 2), (0.6, 3)]) {
        0 => mouth.smile = -0.06 * strong,
        1 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.16, 0.3);
            mouth.open = dice.between(0.12, 0.4) * strong;
            mouth.boxy = dice.between(0.3, 1.0);
            mouth.smile = -dice.between(0.01, 0.05);
            mouth.teeth = dice.chance(0.6);
        }
        2 => {
            mouth.lips = Lips::Teeth;
            mouth.width = dice.between(0.18, 0.27);
            mouth.open = dice.between(0.08, 0.16);
            mouth.smile = -dice.between(0.01, 0.05);
        }
        _ => mouth.lips = Lips::Wavy,
    }
    face.vein = dice.chance(0.35);
    face.sweat = usize::from(dice.chance(0.08));
    face.gloom = if dice.chance(0.14) { dice.between(0.4, 0.9) } else { 0.0 };
    if dice.chance(0.15) {
        face.blush = dice.between(0.3, 0.8);
    }
    face.pitch = dice.around(0.03, 0.06);
    face.burst = 0.2;
}

fn crying(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.5, 1.1);
    let lids = dice.pick(&[(5.0, Lids::Open), (2.0, Lids::Squeezed), (1.5, Lids::Droop), (0.6, Lids::Arch)]);
    let open = dice.between(0.65, 1.15);
    let shimmer = dice.between(0.2, 1.0);
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.slant -= 0.4 * strong;
        eye.shimmer = shimmer;
        eye.gaze = (eye.gaze.0, eye.gaze.1 + 0.1);
    });
    face.brow = Brow {
        raise: dice.around(0.01, 0.03),
        slant: -0.42 * strong + dice.around(0.0, 0.06),
        knit: dice.between(0.1, 1.0) * strong,
    };
    let mouth = &mut face.mouth;
    match dice.pick(&[(3.5, 0), (3.0, 1), (2.0, 2), (1.2, 3)]) {
        0 => mouth.smile = -0.05 * strong,
        1 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.13, 0.25);
            mouth.open = dice.between(0.07, 0.36) * strong;
            mouth.boxy = dice.between(0.2, 0.8);
            mouth.smile = -dice.between(0.02, 0.06);
            mouth.tremble = dice.between(0.0, 1.0);
            mouth.teeth = dice.chance(0.4);
        }
        2 => mouth.lips = Lips::Wavy,
        _ => {
            mouth.lips = Lips::Teeth;
            mouth.width = dice.between(0.14, 0.22);
            mouth.open = dice.between(0.06, 0.12);
            mouth.smile = -0.03;
        }
    }
    let stream = if dice.chance(0.6 * strong) { dice.between(0.08, 0.2) } else { 0.0 };
    let drops = if stream == 0.0 || dice.chance(0.15) { dice.whole(1, 3) } else { 0 };
    face.tears = Tears { pool: dice.between(0.2, 1.0) * strong.min(1.0), stream, drops };
    if dice.chance(0.5) {
        face.blush = dice.between(0.3, 0.9);
        face.across = dice.chance(0.3);
    }
    face.pitch = dice.around(0.03, 0.06);
}

fn happy(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.45, 1.1);
    let lids = dice.pick(&[(5.0, Lids::Open), (4.5, Lids::Arch)]);
    let (open, cheek, shimmer) = (dice.between(0.9, 1.15), dice.between(0.0, 0.5), dice.between(0.0, 1.0));
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.cheek = cheek;
        eye.shimmer = shimmer;
        eye.iris *= 1.05;
    });
    if lids == Lids::Open && dice.chance(0.08) {
        face.eyes[dice.whole(0, 1)].lids = Lids::Arch;
    }
    face.brow = Brow { raise: 0.07 * strong + dice.around(0.0, 0.02), slant: dice.around(-0.06, 0.07), knit: 0.0 };
    let mouth = &mut face.mouth;
    mouth.smile = 0.05 + 0.06 * strong;
    match dice.pick(&[(7.0, 0), (1.6, 1), (1.4, 2)]) {
        0 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.17, 0.25) + 0.05 * strong;
            mouth.open = dice.between(0.08, 0.17) + 0.15 * strong * dice.between(0.3, 1.0);
            mouth.teeth = dice.chance(0.5);
        }
        1 => {
            mouth.lips = Lips::Teeth;
            mouth.width = dice.between(0.2, 0.28);
            mouth.open = dice.between(0.07, 0.13);
        }
        _ => mouth.width = dice.between(0.2, 0.27),
    }
    if dice.chance(0.35) {
        face.blush = dice.between(0.25, 0.7);
    }
    face.pitch = dice.around(-0.02, 0.06);
    face.burst = 0.14;
}

fn embarrassed(face: &mut Expression, dice: &mut Dice) {
    let strong = dice.between(0.5, 1.1);
    let lids = dice.pick(&[(8.0, Lids::Open), (1.4, Lids::Squeezed), (0.6, Lids::Droop)]);
    let away = (dice.side() * dice.between(0.2, 1.0), dice.around(0.15, 0.25));
    let (open, iris, shimmer) = (dice.around(0.95, 0.13), dice.around(0.93, 0.1), dice.between(0.0, 0.7));
    face.each_eye(|eye| {
        eye.lids = lids;
        eye.open = open;
        eye.iris = iris;
        eye.shimmer = shimmer;
        eye.gaze = away;
    });
    face.brow = Brow {
        raise: dice.around(0.04, 0.035),
        slant: -0.25 * strong + dice.around(0.0, 0.08),
        knit: dice.between(0.0, 0.5),
    };
    let mouth = &mut face.mouth;
    match dice.pick(&[(3.0, 0), (3.0, 1), (2.5, 2), (1.0, 3)]) {
        0 => mouth.lips = Lips::Wavy,
        1 => {
            mouth.lips = Lips::Open;
            mouth.width = dice.between(0.07, 0.16);
            mouth.open = dice.between(0.05, 0.17);
            mouth.smile = dice.around(-0.01, 0.02);
            mouth.tremble = dice.between(0.3, 1.0);
        }
        2 => {
            mouth.width = dice.between(0.07, 0.15);
            mouth.smile = dice.around(-0.012, 0.02);
        }
        _ => {
            mouth.lips = Lips::Teeth;
            mouth.width = dice.between(0.13, 0.2);
            mouth.open = dice.between(0.06, 0.1);
            mouth.tremble = 1.0;
        }
    }
    face.blush = if dice.chance(0.93) { dice.between(0.5, 1.0) } else { 0.2 };
    face.across = dice.chance(0.55);
    face.sweat = if dice.chance(0.4) { dice.whole(1, 3) } else { 0 };
    face.tears.pool = if dice.chance(0.12) { dice.between(0.3, 0.6) } else { 0.0 };
    face.pitch = dice.around(0.04, 0.06);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::EXPRESSIONS;

    /// The expression in which `trait_of` is largest on average.
    fn most(trait_of: fn(&Expression) -> f32) -> &'static str {
        let mean = |expression: usize| -> f32 {
            (0..300).map(|seed| trait_of(&Expression::sample(expression, &mut Dice::new(seed, 0)))).sum()
        };
        EXPRESSIONS[(0..7).max_by(|&a, &b| mean(a).total_cmp(&mean(b))).unwrap()]
    }

    #[test]
    fn each_expression_is_drawn_under_its_own_name() {
        assert_eq!(most(|face| face.tears.stream + face.tears.drops as f32), "crying");
        assert_eq!(most(|face| face.brow.slant), "angry");
        assert_eq!(most(|face| face.mouth.smile), "happy");
        assert_eq!(most(|face| face.eyes[0].open), "shock");
        assert_eq!(most(|face| face.blush), "embarrassed");
        assert_eq!(most(|face| face.pitch), "sad");
        let calm_smile = |face: &Expression| f32::from(face.mouth.smile > 0.02 && face.mouth.lips == Lips::Line);
        assert_eq!(most(calm_smile), "pleased");
    }
}
