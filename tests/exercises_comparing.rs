//! Exercises of notebooks 11, 7 and 16: the answers in `notebooks/solutions` are right, and usual mistakes are told apart.

use manga_expressions::Result;
use manga_expressions::lessons::exercises::{Verdict, discussion, evaluation, existing_work};

/// Judges a number.
type Checker = fn(f64) -> Result<Verdict>;

#[test]
fn the_solutions_are_right_and_no_answer_is_not() {
    let exercises: [(&str, Checker, f64); 8] = [
        ("1.1", existing_work::densenet_correct, 18.0),
        ("1.2", existing_work::lower_end, 34.4),
        // statsmodels, confint_proportions_2indep(0.42 n, n, 0.32 n, n, method="newcomb"): the first n above 0.
        ("1.3", existing_work::photos_to_decide, 179.0),
        ("8.1", evaluation::precision_of_always_shock, 18.0 / 92.0),
        // scipy.stats.binomtest(2, 12).pvalue is 0.039, binomtest(3, 13).pvalue 0.092.
        ("8.3", evaluation::photos_the_other_may_win, 2.0),
        ("12.1", discussion::points_above, 9.1),
        ("12.2", discussion::right_to_beat_vgg16, 39.0),
        ("12.3", |answer| discussion::decided_by_chance(7, answer), 1.05),
    ];
    for (name, exercise, answer) in exercises {
        assert!(exercise(answer).unwrap().is_right(), "{name}: {}", exercise(answer).unwrap());
        let none = exercise(f64::NAN).unwrap().to_string();
        assert_eq!(none, "Not yet. Put your answer in place of f64::NAN.", "{name}");
        for wrong in [answer + 1.0, answer - 1.0, 100.0 * answer, -answer, 1e9] {
            assert!(!exercise(wrong).unwrap().is_right(), "{name}: {wrong}");
        }
    }
}

#[test]
fn usual_mistakes_are_told_apart() {
    let says = |verdict: Result<Verdict>, what: &str| {
        let text = verdict.unwrap().to_string();
        assert!(text.starts_with("Not yet.") && text.contains(what), "{text}");
    };
    says(existing_work::densenet_correct(0.32 * 56.0), "photos are whole");
    says(existing_work::lower_end(50.0), "upper end");
    says(existing_work::photos_to_decide(100.0), "not decided. Take more");
    says(existing_work::photos_to_decide(400.0), "fewer would do");
    says(evaluation::precision_of_always_shock(1.0), "recall");
    says(evaluation::photos_the_other_may_win(5.0), "too many");
    says(discussion::points_above(-9.1), "other way round");
    says(discussion::right_to_beat_vgg16(38.0), "too few");
    says(discussion::decided_by_chance(7, 21.0), "of each the chance is 5 %");
    assert!(discussion::decided_by_chance(1, 0.0).is_err());
}
