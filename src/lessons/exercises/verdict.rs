//! What is said of an answer.

use std::fmt;

/// Whether an answer to an exercise is right; if not, what is wrong with it.
///
/// ```
/// use manga_expressions::lessons::exercises::Verdict;
///
/// let wrong = [(0.5, "That is the fraction of the other class."), (25.0, "That is in percent; give the fraction, from 0 to 1.")];
/// assert!(Verdict::number(0.25, 0.25, 0.001, "A quarter of them.", &wrong).is_right());
/// let verdict = Verdict::number(25.0, 0.25, 0.001, "A quarter of them.", &wrong);
/// assert_eq!(verdict.to_string(), "Not yet. That is in percent; give the fraction, from 0 to 1.");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    right: bool,
    text: String,
}

impl Verdict {
    /// The answer is right; `why` says what it means.
    pub fn right(why: &str) -> Verdict {
        Verdict { right: true, text: why.into() }
    }

    /// The answer is not right yet; `hint` says what is wrong with it, or where to look.
    pub fn not_yet(hint: &str) -> Verdict {
        Verdict { right: false, text: hint.into() }
    }

    /// Judges a number. `mistakes` are answers that people come to, each with what went wrong there; NaN stands for no
    /// answer yet, and is what a notebook begins with.
    pub fn number(answer: f64, expected: f64, tolerance: f64, why: &str, mistakes: &[(f64, &str)]) -> Verdict {
        let is = |value: f64| (answer - value).abs() <= tolerance;
        if answer.is_nan() {
            return Verdict::not_yet("Put your answer in place of f64::NAN.");
        }
        if is(expected) {
            return Verdict::right(why);
        }
        match mistakes.iter().find(|(value, _)| is(*value)) {
            Some((_, hint)) => Verdict::not_yet(hint),
            None if answer > expected => Verdict::not_yet(&format!("{answer} is too much.")),
            None => Verdict::not_yet(&format!("{answer} is too little.")),
        }
    }

    /// Whether the answer is right.
    pub fn is_right(&self) -> bool {
        self.right
    }
}

/// `Right. …` or `Not yet. …`
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", if self.right { "Right." } else { "Not yet." }, self.text)
    }
}
