//! The map of a loss of two weights.

#[path = "common/svg.rs"]
mod svg;

use manga_expressions::Result;
use manga_expressions::show::plots::{Figure, loss_surface};
use svg::{attributes, check, texts};

fn bowl(a: f64, b: f64) -> f64 {
    a * a + b * b
}

fn figure(reach: (f64, f64), names: &[&str], paths: &[Vec<(f64, f64)>]) -> Result<Figure> {
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    loss_surface(bowl, reach, &names, paths)
}

#[test]
fn a_path_has_a_dot_for_each_step_at_its_place() {
    let path = vec![(-4.0, 2.0), (0.0, 0.0), (2.0, -1.0)];
    let figure = figure((4.0, 2.0), &["first"], &[path]).unwrap();
    check(&figure);
    let names = texts(&figure);
    for text in ["first", "-4", "-2", "0", "4", "first weight", "second weight"] {
        assert!(names.iter().any(|name| name == text), "{text} in {names:?}");
    }
    let number = |name: &str| -> Vec<f64> {
        attributes(figure.svg(), "circle", name).iter().map(|value| value.parse().unwrap()).collect()
    };
    let (x, y) = (number("cx"), number("cy"));
    assert_eq!(x.len(), 4, "three points and the ring of the start");
    assert_eq!((x[3], y[3]), (x[0], y[0]));
    // Evenly along both axes: to the middle, and half of that again.
    assert!((x[1] - x[0] - 2.0 * (x[2] - x[1])).abs() <= 2.0, "{x:?}");
    assert!((y[1] - y[0] - 2.0 * (y[2] - y[1])).abs() <= 2.0 && y[1] > y[0], "{y:?}");
}

#[test]
fn what_cannot_be_drawn_is_an_error_that_says_why() {
    let said = |figure: Result<Figure>| figure.unwrap_err().to_string();
    let path = vec![(0.0, 0.0)];
    assert!(said(figure((1.0, 1.0), &[], &[])).contains("0 names for 0 paths"));
    assert!(said(figure((1.0, 1.0), &["a", "b"], std::slice::from_ref(&path))).contains("2 names for 1 paths"));
    assert!(said(figure((1.0, 1.0), &["a"], &[vec![]])).contains("a point"));
    assert!(said(figure((0.0, 1.0), &["a"], std::slice::from_ref(&path))).contains("above 0"));
    check(&figure((1.0, 1.0), &["a"], &[path]).unwrap());
}
