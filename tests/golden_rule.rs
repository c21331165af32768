//! The rule behind the golden files, and their reader: they must agree with the Python that wrote the files.

#[path = "common/golden.rs"]
mod golden;
#[path = "common/rule.rs"]
mod rule;

use serde_json::json;

#[test]
fn the_rule_fills_as_in_python() {
    let file = golden::load("ops.json");
    let samples = file["rule"].as_array().unwrap();
    assert!(samples.len() >= 20);
    for sample in samples {
        let (name, index) = (sample["name"].as_str().unwrap(), sample["index"].as_u64().unwrap() as usize);
        let value = rule::values(name, index + 1)[index];
        assert_eq!(value, sample["value"].as_f64().unwrap() as f32, "{name} at {index}");
    }
}

#[test]
fn inputs_are_filled_scaled_and_shifted() {
    let filled = golden::input("x", &json!({"shape": [2, 3], "scale": 0.5, "shift": 1.0}));
    let expected: Vec<f32> = rule::values("x", 6).iter().map(|v| 1.0 + 0.5 * v).collect();
    assert_eq!(filled, expected);
    assert_eq!(golden::input("x", &json!({"shape": [2], "values": [1.5, -2.0]})), [1.5, -2.0]);
}

#[test]
fn distance_sees_a_wrong_value_a_wrong_order_and_a_wrong_shape() {
    let ours = rule::values("any", 300);
    let (norm, dot) = golden::norm_and_dot(&ours);
    let list: Vec<f64> = ours.iter().map(|&v| v.into()).collect();
    for theirs in [json!({"shape": [300], "values": list}), json!({"shape": [3, 100], "norm": norm, "dot": dot})] {
        assert!(golden::distance(&ours, &theirs, 0.0) < 1e-12);
        let mut wrong = ours.clone();
        wrong[17] += 0.5;
        assert!(golden::distance(&wrong, &theirs, 0.0) > 1e-3);
        let mut reversed = ours.clone();
        reversed.reverse();
        assert!(golden::distance(&reversed, &theirs, 0.0) > 1e-3);
        assert_eq!(golden::distance(&ours[1..], &theirs, 0.0), f64::INFINITY);
        wrong[17] = f32::NAN;
        assert_eq!(golden::distance(&wrong, &theirs, 0.0), f64::INFINITY);
    }
}
