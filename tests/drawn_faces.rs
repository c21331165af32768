//! Drawn faces: the same for the same seed, any number of them, and nothing but the features tells the expression.

use manga_expressions::data::EXPRESSIONS;
use manga_expressions::faces::{Character, DrawnFace, FACES_PER_CHARACTER, FaceSet, Mix, SIDES, Sizes, faces};

fn counts(set: &[DrawnFace]) -> [usize; 7] {
    let mut counts = [0; 7];
    set.iter().for_each(|face| counts[face.expression] += 1);
    counts
}

/// Small faces of one size, as many as a statistical statement needs.
fn small(n: usize, seed: u64) -> Vec<DrawnFace> {
    FaceSet { sizes: Sizes::Fixed(32), ..FaceSet::new(n, seed) }.draw().unwrap()
}

/// Accuracy, on the second half, of always naming the class that is most frequent in the first half among the faces whose `value` falls
/// into the same one of `bins` equally filled bins: what this one number alone tells about the class.
fn accuracy_of_one_number(set: &[DrawnFace], bins: usize, value: impl Fn(&DrawnFace) -> f64) -> f64 {
    let (train, test) = set.split_at(set.len() / 2);
    let mut sorted: Vec<f64> = train.iter().map(&value).collect();
    sorted.sort_by(f64::total_cmp);
    let bin = |face: &DrawnFace| {
        let rank = sorted.partition_point(|&other| other < value(face));
        (rank * bins / sorted.len()).min(bins - 1)
    };
    let mut votes = vec![[0; 7]; bins];
    train.iter().for_each(|face| votes[bin(face)][face.expression] += 1);
    let vote = |votes: &[usize; 7]| (0..7).max_by_key(|&class| votes[class]).unwrap();
    let right = test.iter().filter(|face| vote(&votes[bin(face)]) == face.expression).count();
    right as f64 / test.len() as f64
}

fn mean(face: &DrawnFace) -> f64 {
    face.pixels.iter().map(|&grey| grey as f64).sum::<f64>() / face.pixels.len() as f64
}

#[test]
fn a_set_has_the_counts_of_the_real_one() {
    let set = small(455, 1);
    // sad, pleased, shock, angry, crying, happy, embarrassed
    assert_eq!(counts(&set), [56, 37, 102, 53, 55, 86, 66]);
    assert_eq!(counts(&small(2 * 455, 2)), [112, 74, 204, 106, 110, 172, 132]);
    // Its first character shows each expression once, so that even the smallest set has every class.
    assert_eq!(counts(&set[..7]), [1; 7]);
}

#[test]
fn a_balanced_set_shows_each_character_with_each_expression() {
    let set = FaceSet { mix: Mix::Balanced, sizes: Sizes::Fixed(16), ..FaceSet::new(70, 3) }.draw().unwrap();
    for (number, pictures) in set.chunks(FACES_PER_CHARACTER).enumerate() {
        assert_eq!(counts(pictures), [1; 7]);
        assert!(pictures.iter().all(|face| face.character == number));
    }
    let order = |set: &[DrawnFace]| set.iter().map(|face| face.expression).collect::<Vec<_>>();
    assert_ne!(order(&set[..7]), order(&set[7..14]), "the order of the expressions is shuffled for each character");
}

#[test]
fn the_same_seed_gives_the_same_faces_however_many_and_on_any_number_of_threads() {
    let draw = |threads: usize, n: usize, seed: u64| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| faces(n, seed))
    };
    let one = draw(1, 20, 7);
    assert_eq!(one, draw(3, 20, 7));
    assert_eq!(one[..11], draw(2, 11, 7));
    let other = draw(2, 20, 8);
    assert!(one.iter().zip(&other).all(|(a, b)| a.pixels != b.pixels));
    assert!(faces(0, 1).is_empty());
}

#[test]
fn no_two_faces_are_equal_and_none_is_blank() {
    let set = small(600, 4);
    let mut pixels: Vec<_> = set.iter().map(|face| &face.pixels).collect();
    pixels.sort();
    pixels.dedup();
    assert_eq!(pixels.len(), set.len());
    for face in &set {
        assert_eq!(face.pixels.len(), (face.width * face.height) as usize);
        let dark = face.pixels.iter().filter(|&&grey| grey < 128).count() as f64 / face.pixels.len() as f64;
        assert!((0.01..0.9).contains(&dark), "{face:?}: {dark} of it is dark");
    }
}

#[test]
fn a_character_stays_itself() {
    // Averaged over many poses, what is left of a face is its character: hair, skin and clothes.
    let portrait = |character: u64, seeds: std::ops::Range<u64>| -> Vec<f64> {
        let somebody = Character::new(character);
        let mut sum = vec![0.0; 24 * 24];
        for seed in seeds {
            let face = somebody.draw(seed as usize % 7, 24, seed).unwrap();
            sum.iter_mut().zip(&face.pixels).for_each(|(sum, &grey)| *sum += grey as f64);
        }
        sum
    };
    let first: Vec<_> = (0..12).map(|character| portrait(character, 0..35)).collect();
    for character in 0..12 {
        let second = portrait(character, 35..70);
        let distance = |other: &[f64]| second.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let nearest = (0..12).min_by(|&a, &b| distance(&first[a]).total_cmp(&distance(&first[b]))).unwrap();
        assert_eq!(nearest, character as usize);
    }
}

#[test]
fn one_seed_draws_each_expression_differently() {
    let somebody = Character::new(9);
    let drawn: Vec<_> = (0..EXPRESSIONS.len()).map(|expression| somebody.draw(expression, 64, 5).unwrap()).collect();
    for (a, face) in drawn.iter().enumerate() {
        assert_eq!(face.expression, a);
        for other in &drawn[..a] {
            assert_ne!(face.pixels, other.pixels);
        }
    }
}

#[test]
fn sizes_are_as_varied_as_the_real_ones_but_independent_of_the_expression() {
    let set = faces(455, 6);
    let mut sides: Vec<u32> = set.iter().map(|face| face.width).collect();
    assert!(set.iter().all(|face| face.width == face.height && (65..=702).contains(&face.width)));
    sides.sort();
    let median = sides[sides.len() / 2];
    assert!((165..=210).contains(&median), "median side {median}");
    assert!(sides[0] < 90 && sides[454] > 400, "from {} to {}", sides[0], sides[454]);
    let majority = 102.0 / 455.0;
    // Four standard deviations of an accuracy on half of the set.
    let noise = 4.0 * (majority * (1.0 - majority) / 227.0_f64).sqrt();
    let accuracy = accuracy_of_one_number(&set, 5, |face| face.width as f64);
    assert!(accuracy < majority + noise, "the size alone names {accuracy} of the expressions");
}

#[test]
fn neither_brightness_nor_contrast_tells_the_expression() {
    let set = FaceSet { mix: Mix::Balanced, sizes: Sizes::Fixed(40), ..FaceSet::new(2800, 8) }.draw().unwrap();
    let contrast = |face: &DrawnFace| {
        let mean = mean(face);
        face.pixels.iter().map(|&grey| (grey as f64 - mean).powi(2)).sum::<f64>()
    };
    let edge = |face: &DrawnFace| face.pixels[..face.width as usize].iter().map(|&grey| grey as f64).sum::<f64>();
    let dark = |face: &DrawnFace| face.pixels.iter().filter(|&&grey| grey < 100).count() as f64;
    // Chance is 1/7; an accuracy on 1400 faces varies by 0.01.
    for (name, accuracy) in [
        ("mean", accuracy_of_one_number(&set, 8, mean)),
        ("contrast", accuracy_of_one_number(&set, 8, contrast)),
        ("fraction of ink", accuracy_of_one_number(&set, 8, dark)),
        ("upper edge", accuracy_of_one_number(&set, 8, edge)),
    ] {
        assert!(accuracy < 1.0 / 7.0 + 0.05, "the {name} alone names {accuracy} of the expressions");
    }
}

#[test]
fn what_cannot_be_drawn_is_an_error_that_says_why() {
    let somebody = Character::new(1);
    let message = somebody.draw(7, 64, 1).unwrap_err().to_string();
    assert!(message.contains("no expression 7") && message.contains("embarrassed"), "{message}");
    for side in [0, SIDES.0 - 1, SIDES.1 + 1, u32::MAX] {
        let message = somebody.draw(0, side, 1).unwrap_err().to_string();
        assert!(message.contains(&format!("{side} pixels")) && message.contains("16 to 2048"), "{message}");
        assert!(FaceSet { sizes: Sizes::Fixed(side), ..FaceSet::new(1, 1) }.draw().is_err());
    }
    for side in [SIDES.0, 17, SIDES.1] {
        assert_eq!(somebody.draw(0, side, 1).unwrap().width, side);
    }
}
