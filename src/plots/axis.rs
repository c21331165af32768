//! Axes: their range, and where they have ticks.

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// The range of an axis and its ticks, each with its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub from: f64,
    pub to: f64,
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Ticks at whole numbers from `first` to `last`, at most about ten of them.
    pub(super) fn whole(first: usize, last: usize) -> Axis {
        let step = nice_step((last - first) as f64 / 10.0).max(1.0) as usize;
        // Multiples of the step, and the first number itself: 1, 5, 10, …
        let multiples = (first..=last).filter(|n| n % step == 0 && (*n == first || n - first >= step.div_ceil(2)));
        let mut numbers: Vec<usize> = multiples.collect();
        if numbers.first() != Some(&first) {
            numbers.insert(0, first);
        }
        let ticks = numbers.iter().map(|&n| (n as f64, n.to_string())).collect();
        // Room for the marks of the first and last number.
        let room = 0.02 * (last - first) as f64 + if first == last { 0.5 } else { 0.0 };
        Axis { from: first as f64 - room, to: last as f64 + room, ticks }
    }

    /// From 0 to a little more than `max`, with about five ticks.
    pub(super) fn from_zero(max: f64) -> Axis {
        let max = if max > 0.0 { max * 1.04 } else { 1.0 };
        let step = nice_step(max / 6.0);
        let decimals = (-step.log10().floor()).max(0.0) as usize;
        let count = (max / step + 1e-9).floor() as usize;
        let ticks = (0..=count).map(|i| i as f64 * step).map(|t| (t, format!("{t:.decimals$}"))).collect();
        Axis { from: 0.0, to: max, ticks }
    }

    /// 0 % to 100 % for shares from 0 to 1.
    pub(super) fn shares() -> Axis {
        Axis::shares_to(1.0)
    }

    /// From 0 % to the first tick at or above the share `max`.
    pub(super) fn shares_to(max: f64) -> Axis {
        let step = if max <= 0.7 { 10 } else { 20 };
        let last = (100.0 * max / f64::from(step) - 1e-9).ceil().clamp(1.0, 100.0 / f64::from(step)) as i32;
        let ticks = (0..=last).map(|i| (f64::from(step * i) / 100.0, format!("{} %", step * i))).collect();
        Axis { from: 0.0, to: f64::from(step * last) / 100.0, ticks }
    }

    /// For logarithms (base 10) of learning rates from `min` to `max`, with ticks at powers of ten.
    pub(super) fn learning_rates(min: f64, max: f64) -> Axis {
        let (from, to) = (min.log10() - 0.05, max.log10() + 0.05);
        let decades = (from.ceil() as i32..=to.floor() as i32).map(|decade| (f64::from(decade), power_of_ten(decade)));
        Axis { from, to, ticks: decades.collect() }
    }

    /// For logarithms (base 10) of the values from `min` to `max`, both more than 0; the texts are the values, or powers of
    /// ten where they range over many.
    pub(super) fn logarithmic(min: f64, max: f64) -> Axis {
        let (from, to) = (min.log10() - 0.05, max.log10() + 0.05);
        let within = |mantissas: &[f64]| -> Vec<(f64, String)> {
            let decades = from.floor() as i32..=to.ceil() as i32;
            let values = decades.flat_map(|d| mantissas.iter().map(move |m| (m * 10f64.powi(d), d)));
            let ticks = values.map(|(v, d)| (v.log10(), format!("{v:.*}", (-d).max(0) as usize)));
            ticks.filter(|(at, _)| (from..=to).contains(at)).collect()
        };
        let ticks = within(&[1.0, 2.0, 5.0]);
        if ticks.len() <= 8 {
            return Axis { from, to, ticks };
        }
        let (first, last) = (from.ceil() as i32, to.floor() as i32);
        let step = ((last - first + 1) as usize).div_ceil(8);
        let decades = (first..=last).step_by(step).map(|decade| (f64::from(decade), power_of_ten(decade)));
        Axis { from, to, ticks: decades.collect() }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        start + ((value - self.from) / (self.to - self.from) * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(at, _)| *at).collect()
    }

    fn range(&self) -> Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks.iter().find(|(at, _)| at == value).map(|(_, text)| text.clone()).unwrap_or_default()
    }
}

/// 0.01 to 1000 as they are, what is further away with the power alone.
fn power_of_ten(decade: i32) -> String {
    match decade {
        -2..=3 => 10f64.powi(decade).to_string(),
        _ => format!("1e{decade}"),
    }
}

/// The smallest of 1, 2 or 5 times a power of ten that is at least `rough`.
fn nice_step(rough: f64) -> f64 {
    if rough <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let mantissa = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= rough * (1.0 - 1e-9));
    mantissa.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn epochs_have_ticks_at_whole_numbers() {
        assert_eq!(texts(&Axis::whole(1, 1)), ["1"]);
        assert_eq!(texts(&Axis::whole(1, 4)), ["1", "2", "3", "4"]);
        assert_eq!(texts(&Axis::whole(1, 30)), ["1", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(texts(&Axis::whole(1, 14)), ["1", "2", "4", "6", "8", "10", "12", "14"]);
        assert_eq!(
            texts(&Axis::whole(1, 200)),
            ["1", "20", "40", "60", "80", "100", "120", "140", "160", "180", "200"]
        );
    }

    #[test]
    fn losses_have_round_ticks() {
        assert_eq!(texts(&Axis::from_zero(2.3)), ["0.0", "0.5", "1.0", "1.5", "2.0"]);
        assert_eq!(texts(&Axis::from_zero(0.09)), ["0.00", "0.02", "0.04", "0.06", "0.08"]);
        assert_eq!(texts(&Axis::from_zero(130.0)), ["0", "50", "100"]);
        assert_eq!(texts(&Axis::from_zero(0.0)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    }

    #[test]
    fn shares_end_at_a_tick() {
        assert_eq!(texts(&Axis::shares()), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(texts(&Axis::shares_to(0.31)), ["0 %", "10 %", "20 %", "30 %", "40 %"]);
        assert_eq!((Axis::shares_to(0.3).to, Axis::shares_to(0.0).to, Axis::shares_to(0.81).to), (0.3, 0.1, 1.0));
    }

    #[test]
    fn a_logarithmic_axis_names_the_values() {
        assert_eq!(texts(&Axis::logarithmic(0.3, 25.0)), ["0.5", "1", "2", "5", "10", "20"]);
        assert_eq!(texts(&Axis::logarithmic(0.01, 5000.0)), ["0.01", "0.1", "1", "10", "100", "1000"]);
        assert_eq!(texts(&Axis::logarithmic(1.0, 2e30)), ["1", "1e4", "1e8", "1e12", "1e16", "1e20", "1e24", "1e28"]);
    }

    #[test]
    fn learning_rates_are_named_by_powers_of_ten() {
        assert_eq!(texts(&Axis::learning_rates(1e-4, 5.0)), ["1e-4", "1e-3", "0.01", "0.1", "1"]);
        assert_eq!(texts(&Axis::learning_rates(2e-4, 2e4)), ["1e-3", "0.01", "0.1", "1", "10", "100", "1000", "1e4"]);
    }

    #[test]
    fn a_tick_finds_its_text_again() {
        let axis = Axis::logarithmic(0.3, 25.0);
        let formatted: Vec<String> = axis.key_points(100).iter().map(|at| axis.format_ext(at)).collect();
        assert_eq!(formatted, ["0.5", "1", "2", "5", "10", "20"]);
    }
}
