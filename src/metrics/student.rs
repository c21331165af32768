//! Student's t distribution.

/// How probable a value as far from 0 as `t`, to either side, is by Student's t distribution with so many degrees of freedom:
/// scipy's `2 * stats.t.sf(abs(t), freedom)`. For a whole number of degrees it is a finite sum (M. Abramowitz and I. Stegun
/// 1964, 26.7.3 and 26.7.4); as one less such a sum it is exact to about 1e-15, and so is 0 where it is smaller than that.
///
/// 1 where there is no degree of freedom, or `t` is no number: nothing is known then.
pub(super) fn two_sided(t: f64, freedom: usize) -> f64 {
    if freedom == 0 || t.is_nan() {
        return 1.0;
    }
    if t.is_infinite() {
        return 0.0;
    }
    let n = freedom as f64;
    let angle = (t.abs() / n.sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let (mut sum, mut term) = (0.0, if freedom.is_multiple_of(2) { 1.0 } else { cosine });
    // The powers of the cosine up to the one before the number of degrees: 0, 2, 4, … or 1, 3, 5, ….
    let mut power = freedom % 2;
    while power + 2 <= freedom {
        sum += term;
        term *= (power + 1) as f64 / (power + 2) as f64 * cosine * cosine;
        power += 2;
    }
    let within =
        if freedom.is_multiple_of(2) { sine * sum } else { (angle + sine * sum) * std::f64::consts::FRAC_2_PI };
    (1.0 - within).clamp(0.0, 1.0)
}

/// The value that is exceeded, to either side, with probability `p` by Student's t distribution with so many degrees of
/// freedom: scipy's `stats.t.isf(p / 2, freedom)`. Found by bisection of the angle whose tangent it is; infinite where
/// there is no degree of freedom, or `p` is 0.
pub(super) fn two_sided_quantile(p: f64, freedom: usize) -> f64 {
    if freedom == 0 || p <= 0.0 {
        return f64::INFINITY;
    }
    let value = |angle: f64| (freedom as f64).sqrt() * angle.tan();
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    // As many halvings as a double has bits, and some.
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if two_sided(value(middle), freedom) > p { low = middle } else { high = middle }
    }
    value((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::{two_sided, two_sided_quantile};

    /// From scipy 1.17: `2 * stats.t.sf(t, freedom)`.
    const EXPECTED: [(f64, usize, f64); 12] = [
        (0.0, 1, 1.0),
        (1.0, 1, 0.5000000000000001),
        (12.5, 1, 0.050821347332231794),
        (0.3, 2, 0.7924856608401776),
        (4.3, 2, 0.05005715411709159),
        (1.5, 3, 0.23058386524482294),
        (2.776, 4, 0.05002277831997642),
        (0.7, 5, 0.5151489483148164),
        (2.064, 24, 0.049989609652614606),
        (6.5, 24, 1.0098161409300423e-06),
        (1.2, 49, 0.23590922092993016),
        (3.0, 99, 0.0034155079215788717),
    ];

    #[test]
    fn it_is_scipys() {
        for (t, freedom, p) in EXPECTED {
            assert!((two_sided(t, freedom) - p).abs() < 1e-14, "{t}, {freedom}: {} and {p}", two_sided(t, freedom));
            assert_eq!(two_sided(-t, freedom), two_sided(t, freedom));
        }
    }

    /// From scipy 1.17: `stats.t.isf(p / 2, freedom)`.
    const QUANTILES: [(f64, usize, f64); 9] = [
        (0.05, 1, 12.706204736174705),
        (0.05, 2, 4.302652729749464),
        (0.05, 3, 3.1824463052837086),
        (0.05, 4, 2.7764451051977943),
        (0.01, 7, 3.4994832973504932),
        (0.05, 24, 2.063898561628026),
        (0.32, 30, 1.0112157453924326),
        (0.05, 454, 1.9652029726560463),
        (1e-6, 90, 5.251741186657937),
    ];

    #[test]
    fn its_quantiles_are_scipys() {
        for (p, freedom, t) in QUANTILES {
            let found = two_sided_quantile(p, freedom);
            assert!((found / t - 1.0).abs() < 1e-10, "{p}, {freedom}: {found} and {t}");
        }
        assert_eq!((two_sided_quantile(0.0, 3), two_sided_quantile(0.05, 0)), (f64::INFINITY, f64::INFINITY));
        assert!(two_sided_quantile(1.0, 7).abs() < 1e-12);
    }

    #[test]
    fn without_a_degree_of_freedom_nothing_is_known() {
        assert_eq!((two_sided(3.0, 0), two_sided(f64::NAN, 4)), (1.0, 1.0));
        assert_eq!(two_sided(f64::INFINITY, 4), 0.0);
    }
}
