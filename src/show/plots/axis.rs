//! Axes: their range, and where they have ticks.

/// How an axis shows its values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Numbers, from a little below the smallest to a little above the largest.
    #[default]
    Linear,
    /// Numbers, with 0 on the axis.
    FromZero,
    /// Whole numbers, such as epochs.
    Whole,
    /// Numbers above 0, each decade as wide as any other.
    Logarithmic,
    /// Fractions from 0 to 1 in percent, all of them: 0 % to 100 %.
    Percent,
    /// Fractions from 0 to 1 in percent, from 0 % to the first tick at or above the largest.
    PercentToLargest,
}

impl Scale {
    /// Whether it can show `value`; an error that says of `what` why not.
    pub(super) fn check(self, what: &str, value: f64) -> Result<(), String> {
        let why = match self {
            _ if !is_number(value) => "that is not a number that can be drawn",
            Scale::Logarithmic if value <= 0.0 => "a logarithmic axis has numbers above 0 only",
            Scale::Percent | Scale::PercentToLargest if !(-1e-9..=1.0 + 1e-9).contains(&value) => {
                "fractions are from 0 to 1"
            }
            _ => return Ok(()),
        };
        Err(format!("{what} is {value}: {why}"))
    }

    /// The axis of these values; those that it cannot show play no part.
    pub(super) fn axis(self, values: impl Iterator<Item = f64>) -> Axis {
        let shown = values.filter(|&value| self.check("", value).is_ok());
        let range =
            shown.fold(None, |range, v| range.map_or(Some((v, v)), |(a, b): (f64, f64)| Some((a.min(v), b.max(v)))));
        let (min, max) = range.unwrap_or(if self == Scale::Logarithmic { (1.0, 10.0) } else { (0.0, 1.0) });
        match self {
            Scale::Linear => Axis::linear(min, max),
            Scale::FromZero if min < 0.0 => Axis::linear(min, max.max(0.0)),
            Scale::FromZero => Axis::from_zero(max),
            Scale::Whole => Axis::whole(min, max),
            Scale::Logarithmic => Axis::logarithmic(min, max),
            Scale::Percent => Axis::fractions_to(1.0),
            Scale::PercentToLargest => Axis::fractions_to(max),
        }
    }
}

/// Whether a value can be drawn: a number, and no larger than what can be computed with.
pub(super) fn is_number(value: f64) -> bool {
    value.abs() < 1e300
}

/// The range of an axis and its ticks, each with its text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
    logarithmic: bool,
}

impl Axis {
    /// Where `value` is on the axis, from 0 at its beginning to 1 at its end; what lies outside is at the nearer end.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = if self.logarithmic { value.max(f64::MIN_POSITIVE).log10() } else { value };
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    /// The value at the end of the axis.
    pub(super) fn end(&self) -> f64 {
        if self.logarithmic { 10f64.powf(self.to) } else { self.to }
    }

    /// The ticks: where they are, from 0 to 1, and their texts.
    pub(super) fn ticks(&self) -> impl Iterator<Item = (f64, &String)> {
        self.ticks.iter().map(|(at, text)| ((at - self.from) / (self.to - self.from), text))
    }

    /// The texts of the ticks.
    pub(super) fn texts(&self) -> impl Iterator<Item = &String> {
        self.ticks.iter().map(|(_, text)| text)
    }

    /// From `from` to `to`, with ticks at the multiples of `step` in it.
    fn stepped(from: f64, to: f64, step: f64) -> Axis {
        let (first, last) = ((from / step - 1e-9).ceil(), (to / step + 1e-9).floor());
        // No step of a range is so small that there were more of them.
        let count = (last - first).clamp(0.0, 50.0) as usize;
        let ticks = (0..=count).map(|i| (first + i as f64) * step + 0.0).map(|at| (at, number(at, step))).collect();
        Axis { from, to, ticks, logarithmic: false }
    }

    /// From a little below `min` to a little above `max`, with about five ticks.
    fn linear(min: f64, max: f64) -> Axis {
        let range = max - min;
        let room = if range > 1e-9 * min.abs().max(max.abs()) { 0.04 * range } else { 0.5 * max.abs().max(1e-3) };
        let (from, to) = (min - room, max + room);
        Axis::stepped(from, to, nice_step((to - from) / 6.0))
    }

    /// Ticks at whole numbers from `min` to `max`, at most about ten of them.
    fn whole(min: f64, max: f64) -> Axis {
        let (first, last) = (min.ceil(), max.floor().max(min.ceil()));
        let step = nice_step((last - first) / 10.0).max(1.0);
        // Room for the marks of the first and last number.
        let room = if min == max { 0.5 } else { 0.02 * (max - min) };
        let mut axis = Axis::stepped(first, last, step);
        // Multiples of the step, and the first number itself: 1, 5, 10, …
        axis.ticks.retain(|(at, _)| *at == first || at - first >= (step / 2.0).ceil());
        if axis.ticks.first().is_none_or(|(at, _)| *at != first) {
            axis.ticks.insert(0, (first, number(first, step)));
        }
        Axis { from: min - room, to: max.max(last) + room, ..axis }
    }

    /// From 0 to a little more than `max`, with about five ticks.
    fn from_zero(max: f64) -> Axis {
        let max = if max > 1e-300 { max * 1.04 } else { 1.0 };
        Axis::stepped(0.0, max, nice_step(max / 6.0))
    }

    /// From 0 % to the first tick at or above the fraction `max`.
    fn fractions_to(max: f64) -> Axis {
        let step = match max {
            max if max > 0.7 => 20,
            max if 0.0 < max && max <= 0.15 => 5,
            _ => 10,
        };
        let last = (100.0 * max / f64::from(step) - 1e-9).ceil().clamp(1.0, 100.0 / f64::from(step)) as i32;
        let ticks = (0..=last).map(|i| (f64::from(step * i) / 100.0, format!("{} %", step * i))).collect();
        Axis { from: 0.0, to: f64::from(step * last) / 100.0, ticks, logarithmic: false }
    }

    /// From `min` to `max`, both more than 0, in logarithms (base 10); the texts are the values, or powers of ten where they
    /// range over many.
    fn logarithmic(min: f64, max: f64) -> Axis {
        let (from, to) = (min.log10() - 0.05, max.log10() + 0.05);
        let decades = from.floor() as i32..=to.ceil() as i32;
        let values = decades.flat_map(|d| [1.0, 2.0, 5.0].map(|m| (m * 10f64.powi(d), d)));
        let text = |value: f64, decade: i32| match decade {
            -4..=5 => format!("{value:.*}", (-decade).max(0) as usize),
            _ => format!("{:.0}e{decade}", value / 10f64.powi(decade)),
        };
        let ticks = values.map(|(value, decade)| (value.log10(), text(value, decade)));
        let ticks: Vec<(f64, String)> = ticks.filter(|(at, _)| (from..=to).contains(at)).collect();
        if (2..=8).contains(&ticks.len()) {
            return Axis { from, to, ticks, logarithmic: true };
        }
        let (first, last) = (from.ceil() as i32, to.floor() as i32);
        if last <= first {
            // Less than a decade, and none of the values above: the ends themselves.
            let ends =
                [min, max].map(|end| (end.log10(), format!("{}", format!("{end:.2e}").parse::<f64>().unwrap_or(end))));
            let ends = if min == max { ends[..1].to_vec() } else { ends.to_vec() };
            return Axis { from, to, ticks: ends, logarithmic: true };
        }
        let count = (last - first + 1) as usize;
        let step = if count <= 10 { 1 } else { count.div_ceil(8) };
        let ticks = (first..=last).step_by(step).map(|decade| (f64::from(decade), power_of_ten(decade))).collect();
        Axis { from, to, ticks, logarithmic: true }
    }
}

/// A multiple of `step` as text.
fn number(value: f64, step: f64) -> String {
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    match value.abs() {
        0.0 => format!("{:.*}", decimals.min(4), 0.0),
        size if size >= 1e6 || step < 1e-4 => format!("{:e}", format!("{value:.3e}").parse().unwrap_or(value)),
        _ => format!("{value:.decimals$}"),
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

    fn axis(scale: Scale, values: &[f64]) -> Axis {
        scale.axis(values.iter().copied())
    }

    fn texts(scale: Scale, values: &[f64]) -> Vec<String> {
        axis(scale, values).ticks.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn epochs_have_ticks_at_whole_numbers() {
        let epochs = |first: f64, last: f64| texts(Scale::Whole, &[last, first]);
        assert_eq!(epochs(1.0, 1.0), ["1"]);
        assert_eq!(epochs(1.0, 4.0), ["1", "2", "3", "4"]);
        assert_eq!(epochs(1.0, 30.0), ["1", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(epochs(1.0, 14.0), ["1", "2", "4", "6", "8", "10", "12", "14"]);
        assert_eq!(epochs(1.0, 200.0), ["1", "20", "40", "60", "80", "100", "120", "140", "160", "180", "200"]);
        assert_eq!(epochs(-3.0, 1e12).len(), 11);
    }

    #[test]
    fn numbers_from_zero_have_round_ticks() {
        assert_eq!(texts(Scale::FromZero, &[2.3]), ["0.0", "0.5", "1.0", "1.5", "2.0"]);
        assert_eq!(texts(Scale::FromZero, &[0.09]), ["0.00", "0.02", "0.04", "0.06", "0.08"]);
        assert_eq!(texts(Scale::FromZero, &[130.0, 1.0]), ["0", "50", "100"]);
        assert_eq!(texts(Scale::FromZero, &[0.0]), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(Scale::FromZero, &[3e7]), ["0", "1e7", "2e7", "3e7"]);
        assert_eq!(texts(Scale::FromZero, &[-0.1, 0.1]), ["-0.10", "-0.05", "0.00", "0.05", "0.10"]);
    }

    #[test]
    fn other_numbers_begin_where_they_do() {
        assert_eq!(texts(Scale::Linear, &[1990.0, 2020.0]), ["1990", "2000", "2010", "2020"]);
        assert_eq!(texts(Scale::Linear, &[7.0, 7.0]).len(), 4, "3.5 to 10.5 in steps of 2");
        assert!(axis(Scale::Linear, &[1e299, -1e299]).ticks().all(|(at, _)| (0.0..=1.0).contains(&at)));
        assert_eq!(axis(Scale::Linear, &[f64::NAN, 1.0, f64::INFINITY, 3.0]), axis(Scale::Linear, &[1.0, 3.0]));
    }

    #[test]
    fn fractions_end_at_a_tick() {
        assert_eq!(texts(Scale::Percent, &[0.1]), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(texts(Scale::PercentToLargest, &[0.31, 0.1]), ["0 %", "10 %", "20 %", "30 %", "40 %"]);
        assert_eq!(texts(Scale::PercentToLargest, &[0.101]), ["0 %", "5 %", "10 %", "15 %"]);
        let end = |largest: f64| axis(Scale::PercentToLargest, &[largest]).end();
        assert_eq!((end(0.3), end(0.0), end(0.81)), (0.3, 0.1, 1.0));
        assert!(Scale::Percent.check("it", 1.01).is_err() && Scale::Percent.check("it", 1.0).is_ok());
    }

    #[test]
    fn a_logarithmic_axis_names_the_values() {
        let named = |min: f64, max: f64| texts(Scale::Logarithmic, &[max, min, -1.0]);
        assert_eq!(named(0.3, 25.0), ["0.5", "1", "2", "5", "10", "20"]);
        assert_eq!(named(0.01, 5000.0), ["0.01", "0.1", "1", "10", "100", "1000"]);
        assert_eq!(named(1.0, 2e30), ["1", "1e4", "1e8", "1e12", "1e16", "1e20", "1e24", "1e28"]);
        assert_eq!(named(1e-4, 5.0), ["1e-4", "1e-3", "0.01", "0.1", "1"]);
        assert_eq!(named(2e-4, 2e4), ["1e-3", "0.01", "0.1", "1", "10", "100", "1000", "1e4"]);
        assert_eq!(named(6.1, 8.2), ["6.1", "8.2"]);
        assert_eq!(named(3.0, 3.0), ["3"]);
        let axis = axis(Scale::Logarithmic, &[1.0, 100.0]);
        assert!((axis.at(10.0) - 0.5).abs() < 1e-9 && axis.at(0.0) == 0.0 && axis.at(1e9) == 1.0);
    }
}
