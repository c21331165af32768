//! The learning-rate finder: the curve, the rules, and a network that is left as it was.

#[path = "common/fitting.rs"]
mod fitting;
#[path = "common/small_network.rs"]
mod small_network;

use fitting::{near, numbers, quietly};
use manga_expressions::Error;
use manga_expressions::data::Augmentation;
use manga_expressions::net::nn::Network;
use manga_expressions::training::{
    EarlyStopping, Event, Optimizer, RateCurve, RateRange, RatesEnd, Rule, Settings, learning_rate_finder,
};
use serde_json::Value;
use small_network::{
    Failure, bits, failing_network, failing_staged_network, images, network, network_without_dropout, staged_network,
};

fn find(network: &mut Network, settings: &Settings, range: &RateRange) -> manga_expressions::Result<RateCurve> {
    learning_rate_finder(network, &images(25, 1), settings, range, &mut |_| {})
}

fn scripted(case: &Value) -> RateCurve {
    let loss = |value: &Value| value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap());
    let losses: Vec<f64> = case["losses"].as_array().unwrap().iter().map(loss).collect();
    let range = RateRange {
        from: case["from"].as_f64().unwrap(),
        to: case["to"].as_f64().unwrap(),
        steps: case["steps"].as_u64().unwrap() as usize,
    };
    RateCurve::from_losses("scripted", 1, &range, &losses).unwrap()
}

fn golden() -> Vec<Value> {
    let golden: Value = serde_json::from_str(include_str!("golden/learning_rates.json")).unwrap();
    golden["cases"].as_array().unwrap().clone()
}

#[test]
fn curves_are_smoothed_and_end_as_in_fastai() {
    for case in golden() {
        let (curve, name) = (scripted(&case), case["name"].as_str().unwrap());
        assert_eq!(curve.rates.len(), case["points"].as_u64().unwrap() as usize, "{name}");
        let last = case["last_rate"].as_f64().unwrap();
        assert!((curve.rates.last().unwrap() / last - 1.0).abs() < 1e-9, "{name}");
        near(&curve.smoothed, &numbers(&case["smoothed"]), 2e-5);
        match curve.end {
            RatesEnd::NotFinite(loss) => assert_eq!(loss.is_nan(), name.starts_with("no number"), "{name}"),
            RatesEnd::Diverged => assert!(name.contains("explodes"), "{name}"),
            RatesEnd::AllSteps => assert_eq!(curve.rates.len(), curve.range.steps, "{name}"),
        }
    }
}

#[test]
fn rules_suggest_what_fastai_suggests() {
    let mut found = [0; 4];
    for case in golden() {
        let (curve, name) = (scripted(&case), case["name"].as_str().unwrap());
        if name == "flat" {
            continue; // There all slopes are the rounding's.
        }
        for (rule, found) in Rule::ALL.into_iter().zip(&mut found) {
            let Some(ours) = curve.suggestion(rule) else { continue };
            let theirs = case["suggested"][rule.to_string()].as_f64().unwrap();
            assert!((ours.rate / theirs - 1.0).abs() < 1e-5, "{name}, {rule}: {} and {theirs}", ours.rate);
            *found += 1;
        }
    }
    // There are 20 cases but for "rises". In five the curve does not end in a slope that one can slide down.
    assert_eq!(found, [20, 15, 20, 20]);
}

#[test]
fn rules_find_nothing_where_there_is_nothing() {
    let cases = golden();
    let named = |name: &str| scripted(cases.iter().find(|case| case["name"] == name).unwrap());
    assert_eq!(named("rises").suggestions(), []);
    assert_eq!(named("flat").suggestion(Rule::Slide), None);
    assert_eq!(named("short").suggestion(Rule::Slide), None);
    // It never diverges, so there is no way down to slide.
    assert_eq!(named("falls to the end 0").suggestion(Rule::Slide), None);
    let range = RateRange { steps: 6, ..RateRange::default() };
    let short = RateCurve::from_losses("scripted", 1, &range, &[2.0, 1.0]).unwrap();
    assert_eq!(short.suggestions(), []);
    assert!(short.to_string().contains("No rule finds"), "{short}");
}

#[test]
fn a_sentence_says_where_rules_disagree_by_more_than_ten() {
    let (mut agree, mut disagree) = (0, 0);
    for curve in golden().iter().map(scripted) {
        let rates: Vec<f64> = curve.suggestions().iter().map(|found| found.rate).collect();
        let (least, most) = (rates.iter().copied().fold(f64::MAX, f64::min), rates.iter().copied().fold(0.0, f64::max));
        match curve.disagreement() {
            Some(sentence) => {
                assert!(most / least > 10.0 && sentence.contains(&format!("{most:.1e}")), "{sentence}");
                disagree += 1;
            }
            None => {
                assert!(rates.is_empty() || most / least <= 10.0, "{curve}");
                agree += 1;
            }
        }
    }
    assert!(agree > 0 && disagree > 0);
}

#[test]
fn steps_are_those_of_the_training() {
    // With a rate that hardly rises and one batch an epoch, the finder's losses are the training's, epoch by epoch.
    let train = images(25, 1);
    let steps = 8;
    let plain = Settings { epochs: steps, batch_size: 25, optimizer: Optimizer::sgd(0.2, 0.9), ..Settings::default() };
    let rate = plain.optimizer.learning_rate();
    let range = RateRange { from: rate, to: rate * (1.0 + 1e-9), steps };
    let cases = [
        plain.clone(),
        Settings { seed: 3, ..plain.clone() },
        Settings {
            augmentation: Some(Augmentation { flip: 0.5, contrast: 0.3, ..Augmentation::default() }),
            ..plain.clone()
        },
        Settings { body_learning_rate: Some(0.02), ..plain.clone() },
        Settings { label_smoothing: 0.2, ..plain.clone() },
        Settings { optimizer: Optimizer::adam(0.2), ..plain.clone() },
    ];
    let mut seen: Vec<Vec<f64>> = Vec::new();
    for settings in cases {
        for frozen in [false, true] {
            let new = || {
                let mut network = staged_network(1);
                frozen.then(|| network.freeze_through("stem").unwrap());
                network
            };
            let history = quietly(&mut new(), &train, None, &settings).unwrap();
            let losses: Vec<f64> = history.epochs.iter().map(|epoch| epoch.train_loss).collect();
            let curve = learning_rate_finder(&mut new(), &train, &settings, &range, &mut |_| {}).unwrap();
            near(&curve.losses, &losses, 1e-5);
            assert!(!seen.contains(&losses), "this setting changes nothing: {settings:?}");
            seen.push(losses);
        }
    }
}

#[test]
fn batches_are_those_of_epochs_one_after_the_other() {
    let train = images(25, 1);
    let settings = Settings { epochs: 3, batch_size: 8, optimizer: Optimizer::sgd(0.1, 0.0), ..Settings::default() };
    let range = RateRange { from: 0.1, to: 0.1 * (1.0 + 1e-9), steps: 10 };
    let curve = find(&mut network(1), &settings, &range).unwrap();
    let history = quietly(&mut network(1), &train, None, &settings).unwrap();
    for (epoch, losses) in history.epochs.iter().zip(curve.losses.chunks(4)).take(2) {
        let mean = (8.0 * (losses[0] + losses[1] + losses[2]) + losses[3]) / 25.0;
        assert!((mean - epoch.train_loss).abs() < 1e-5, "{mean} and {}", epoch.train_loss);
    }
}

#[test]
fn the_network_is_left_as_it_was_to_the_bit() {
    let range = RateRange { from: 1e-4, to: 1e6, steps: 40 };
    let settings = Settings { batch_size: 8, ..Settings::default() };
    for frozen in [false, true] {
        let mut network = staged_network(1);
        frozen.then(|| network.freeze_through("middle").unwrap());
        let state = |network: &Network| {
            let trainable: Vec<bool> = network.parameters().iter().map(|p| p.trainable).collect();
            (bits(network), trainable, network.frozen_stages())
        };
        let before = state(&network);
        let curve = find(&mut network, &settings, &range).unwrap();
        assert_eq!(state(&network), before);
        assert!(curve.losses.windows(2).any(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn nothing_of_a_loss_that_is_no_number_is_left() {
    let settings = Settings { batch_size: 8, ..Settings::default() };
    for make in [failing_network, failing_staged_network] {
        let mut network = make(1, Failure::NotANumber(9.into()));
        let before = bits(&network);
        let curve = find(&mut network, &settings, &RateRange::default()).unwrap();
        assert_eq!((curve.rates.len(), curve.losses.len(), curve.smoothed.len()), (9, 9, 9));
        assert!(matches!(curve.end, RatesEnd::NotFinite(loss) if loss.is_nan()));
        assert!(curve.losses.iter().all(|loss| loss.is_finite()));
        assert_eq!(bits(&network), before);
    }
    // Rates so high that the weights themselves are no longer numbers.
    let mut network = network_without_dropout(1);
    let before = bits(&network);
    let settings = Settings { optimizer: Optimizer::sgd(0.1, 0.0), ..settings };
    let curve = find(&mut network, &settings, &RateRange { from: 1.0, to: 1e38, steps: 20 }).unwrap();
    assert!(curve.rates.len() < 20 && curve.smoothed.iter().all(|loss| loss.is_finite()), "{curve}");
    assert_eq!(bits(&network), before);
}

#[test]
fn an_error_leaves_the_network_as_it_was_and_is_told() {
    let settings = Settings { batch_size: 8, ..Settings::default() };
    let mut network = failing_network(1, Failure::Interrupted(5.into()));
    let before = bits(&network);
    let error = find(&mut network, &settings, &RateRange::default()).unwrap_err();
    assert_eq!((error.to_string().as_str(), bits(&network)), ("interrupted", before));

    let mut network = failing_network(1, Failure::NotANumber(0.into()));
    let error = find(&mut network, &settings, &RateRange::default()).unwrap_err().to_string();
    assert!(error.contains("before the first step"), "{error}");
}

#[test]
fn a_panic_of_the_observer_leaves_the_network_as_it_was() {
    let mut network = network(1);
    let before = bits(&network);
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let mut observer = |event: &Event| {
            if let Event::Rate { step: 4, .. } = event {
                std::panic::resume_unwind(Box::new("stop"));
            }
        };
        learning_rate_finder(&mut network, &images(25, 1), &Settings::default(), &RateRange::default(), &mut observer)
    }));
    assert!(found.is_err());
    assert_eq!(bits(&network), before);
}

#[test]
fn the_same_seed_gives_the_same_curve_on_any_number_of_threads() {
    let range = RateRange { steps: 12, ..RateRange::default() };
    let run = |seed, threads| {
        find(&mut network(1), &Settings { batch_size: 8, seed, threads, ..Settings::default() }, &range).unwrap()
    };
    let one = run(1, Some(1));
    assert_eq!(one, run(1, Some(3)));
    assert_ne!(one.losses, run(2, Some(1)).losses);
    assert_eq!((one.network.as_str(), one.seed), ("small", 1));
}

#[test]
fn the_observer_hears_of_every_step() {
    let mut steps = Vec::new();
    let mut observer = |event: &Event| {
        if let Event::Rate { step, steps: all, learning_rate, loss } = *event {
            steps.push((step, all, learning_rate, loss));
        }
    };
    let range = RateRange { steps: 7, ..RateRange::default() };
    let curve =
        learning_rate_finder(&mut network(1), &images(9, 1), &Settings::default(), &range, &mut observer).unwrap();
    assert_eq!(steps.len(), 7);
    for (i, (step, all, rate, loss)) in steps.into_iter().enumerate() {
        assert_eq!((step, all, rate, loss), (i + 1, 7, curve.rates[i], curve.losses[i]));
    }
}

#[test]
fn a_rule_of_the_whole_training_does_not_matter() {
    // It would need a validation, and more epochs.
    let settings = Settings { epochs: 0, early_stopping: Some(EarlyStopping::default()), ..Settings::default() };
    let range = RateRange { steps: 6, ..RateRange::default() };
    assert_eq!(find(&mut network(1), &settings, &range).unwrap().rates.len(), 6);
}

#[test]
fn ranges_that_cannot_be_are_refused() {
    let range = RateRange::default();
    let cases = [
        (RateRange { from: 0.0, ..range }, "begin"),
        (RateRange { to: f64::NAN, ..range }, "end"),
        (RateRange { from: 10.0, ..range }, "rise"),
        (RateRange { steps: 5, ..range }, "at least 6"),
    ];
    for (range, word) in cases {
        let error = find(&mut network(1), &Settings::default(), &range).unwrap_err();
        assert!(matches!(&error, Error::Invalid(what) if what.contains(word)), "{error}");
        assert!(RateCurve::from_losses("x", 1, &range, &[1.0]).is_err());
    }
    assert!(RateCurve::from_losses("x", 1, &range, &[]).is_err());
    assert!(RateCurve::from_losses("x", 1, &range, &[1.0; 101]).is_err());
    assert!(RateCurve::from_losses("x", 1, &range, &[f64::NAN]).is_err());
}
