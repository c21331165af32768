//! Ridge regression, what it says of photos left out, and temperatures: as scikit-learn and scipy.

use manga_expressions::data::Features;
use manga_expressions::study::ridge::{ColumnScaling, Kernel, Ridge, cross_entropy, temperature};
use serde_json::Value;

fn numbers(array: &Value) -> Vec<f64> {
    array.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn table(array: &Value) -> Vec<Vec<f64>> {
    array.as_array().unwrap().iter().map(numbers).collect()
}

fn indices(array: &Value) -> Vec<usize> {
    array.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as usize).collect()
}

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/ridge.json")).unwrap()
}

fn blocks(golden: &Value) -> Vec<Features> {
    let block = |rows: &Value| {
        let rows = table(rows);
        Features::new("golden", rows.len(), rows.concat().into_iter().map(|v| v as f32).collect()).unwrap()
    };
    golden["blocks"].as_array().unwrap().iter().map(block).collect()
}

/// The largest difference between two tables of the same size.
fn apart(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    assert_eq!((a.len(), a[0].len()), (b.len(), b[0].len()));
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn predictions_and_what_is_said_of_photos_left_out_are_scikit_learns() {
    let golden = golden();
    let (blocks, photos) = (blocks(&golden), golden["photos"].as_u64().unwrap() as usize);
    let (targets, groups) = (table(&golden["targets"]), indices(&golden["groups"]));
    let train: Vec<usize> = (0..2 * photos).collect();
    let others: Vec<usize> = (2 * photos..blocks[0].rows()).collect();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let scaling = if case["scaling"] == "centred" { ColumnScaling::Centred } else { ColumnScaling::Standardised };
        let penalty = case["penalty"].as_f64().unwrap();
        let kernel = Kernel::linear(&blocks, &train, &others, scaling).unwrap();
        let ridge = Ridge::new(&kernel, &targets).unwrap();
        // The products are sums of 32 bits.
        let near = |a: &[Vec<f64>], b: &Value| assert!(apart(a, &table(b)) < 2e-5, "{}", apart(a, &table(b)));
        near(&ridge.predict(&kernel, penalty), &case["test"]);
        near(&ridge.left_out(penalty, &groups).unwrap(), &case["left_out"]);
        let alone = ridge.left_out(penalty, &train).unwrap();
        let squares = |(said, wanted): (&Vec<f64>, &Vec<f64>)| -> Vec<f64> {
            said.iter().zip(wanted).map(|(said, wanted)| (said - wanted).powi(2)).collect()
        };
        let squares: Vec<Vec<f64>> = alone.iter().zip(&targets).map(squares).collect();
        near(&squares, &case["squared_errors_alone"]);
        // A photo whose mirrored copy is known is known better: leaving out one of the two would flatter.
        assert!(apart(&alone, &ridge.left_out(penalty, &groups).unwrap()) > 1e-3);
    }
}

#[test]
fn the_temperature_is_the_one_of_the_lowest_log_loss() {
    let golden = golden();
    let golden = &golden["temperature"];
    let (scores, labels) = (table(&golden["scores"]), indices(&golden["labels"]));
    let found = temperature(&scores, &labels).unwrap();
    assert!((found / golden["temperature"].as_f64().unwrap() - 1.0).abs() < 1e-6, "{found}");
    let loss = cross_entropy(&scores, &labels, found).unwrap();
    assert!((loss - golden["loss"].as_f64().unwrap()).abs() < 1e-12, "{loss}");
    // Scores without a mistake: as sure as 64 bits can be, and still a number.
    let right = [vec![1.0, 0.0], vec![0.0, 1.0]];
    let sure = temperature(&right, &[0, 1]).unwrap();
    assert!(sure > 0.0 && cross_entropy(&right, &[0, 1], sure).unwrap() < 1e-15, "{sure}");
    // Scores that say nothing at all, or the contrary: no answer is surer than another.
    let unsure = temperature(&right, &[1, 0]).unwrap();
    assert!(unsure > 1e3 && unsure.is_finite(), "{unsure}");
}

#[test]
fn the_test_photos_change_nothing_of_what_is_learnt() {
    let golden = golden();
    let (blocks, targets) = (blocks(&golden), table(&golden["targets"]));
    let train: Vec<usize> = (0..28).collect();
    let said = |others: &[usize]| {
        let kernel = Kernel::linear(&blocks, &train, others, ColumnScaling::Standardised).unwrap();
        Ridge::new(&kernel, &targets).unwrap().predict(&kernel, 0.3)
    };
    let all = said(&[28, 29, 30, 31, 32]);
    for (place, row) in [28, 29, 30, 31, 32].into_iter().enumerate() {
        assert!(apart(&said(&[row]), &all[place..=place]) < 1e-6);
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let features = |values: Vec<f32>| vec![Features::new("x", 4, values).unwrap()];
    let (some, flat) = (features(vec![0.0, 1.0, 4.0, 2.0]), features(vec![3.0, 3.0, 3.0, 9.0]));
    let kernel = |blocks: &[Features], train: &[usize]| Kernel::linear(blocks, train, &[3], ColumnScaling::default());
    assert!(kernel(&[], &[0, 1]).is_err() && kernel(&some, &[]).is_err() && kernel(&some, &[0, 4]).is_err());
    assert!(kernel(&flat, &[0, 1, 2]).unwrap_err().to_string().contains("all the same"));
    let kernel = kernel(&some, &[0, 1, 2]).unwrap();
    let targets = vec![vec![0.0], vec![1.0], vec![0.0]];
    assert!(Ridge::new(&kernel, &targets[1..]).is_err());
    assert!(Ridge::new(&kernel, &[vec![0.0], vec![1.0, 2.0], vec![0.0]]).is_err());
    let ridge = Ridge::new(&kernel, &targets).unwrap();
    assert!(ridge.left_out(0.0, &[0, 1, 2]).is_err() && ridge.left_out(f64::NAN, &[0, 1, 2]).is_err());
    assert!(ridge.left_out(1.0, &[0, 1]).is_err() && ridge.left_out(1.0, &[7, 7, 7]).is_err());
    assert!(temperature(&[], &[]).is_err() && temperature(&[vec![0.0, 1.0]], &[2]).is_err());
}
