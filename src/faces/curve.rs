//! Curves as lists of points, in face units: the origin lies between the eyes, x to the right, y down, the cheeks near ±0.9.

/// A point in face units (or in pixels, once placed).
pub(super) type Point = (f32, f32);

/// Steps between two points of a spline.
const STEPS: usize = 7;

/// A smooth curve through `points` (Catmull-Rom), from the first to the last.
pub(super) fn spline(points: &[Point]) -> Vec<Point> {
    let last = points.len() as isize - 1;
    let at = |i: isize| points[i.clamp(0, last) as usize];
    let mut curve = Vec::with_capacity(points.len() * STEPS + 1);
    for i in 0..last {
        segment(&mut curve, [at(i - 1), at(i), at(i + 1), at(i + 2)]);
    }
    curve.push(points[points.len() - 1]);
    curve
}

fn segment(curve: &mut Vec<Point>, [a, b, c, d]: [Point; 4]) {
    for step in 0..STEPS {
        let t = step as f32 / STEPS as f32;
        let (t2, t3) = (t * t, t * t * t);
        let mix = |a: f32, b: f32, c: f32, d: f32| {
            0.5 * (2.0 * b + (c - a) * t + (2.0 * a - 5.0 * b + 4.0 * c - d) * t2 + (3.0 * b - a - 3.0 * c + d) * t3)
        };
        curve.push((mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1)));
    }
}

/// The curve from `a` to `b` pulled towards `towards` (a quadratic Bézier curve).
pub(super) fn bow(a: Point, towards: Point, b: Point) -> Vec<Point> {
    (0..=STEPS)
        .map(|step| {
            let t = step as f32 / STEPS as f32;
            mix(mix(a, towards, t), mix(towards, b, t), t)
        })
        .collect()
}

/// Part of an ellipse, angles in turns clockwise from the right.
pub(super) fn arc(centre: Point, radius: Point, from: f32, to: f32) -> Vec<Point> {
    let steps = 8 + (36.0 * (to - from).abs()) as usize;
    (0..=steps)
        .map(|step| {
            let angle = (from + (to - from) * step as f32 / steps as f32) * std::f32::consts::TAU;
            (centre.0 + radius.0 * angle.cos(), centre.1 + radius.1 * angle.sin())
        })
        .collect()
}

/// A whole ellipse.
pub(super) fn ellipse(centre: Point, radius: Point) -> Vec<Point> {
    arc(centre, radius, 0.0, 1.0)
}

/// A drop with its tip at `tip` and its round end `length` away in the direction `angle` (radians from the right, clockwise).
pub(super) fn drop(tip: Point, length: f32, angle: f32) -> Vec<Point> {
    let outline =
        [(0.0, 0.0), (0.45, 0.14), (0.72, 0.25), (0.93, 0.18), (1.0, 0.0), (0.93, -0.18), (0.72, -0.25), (0.45, -0.14)];
    let (sin, cos) = angle.sin_cos();
    let place = |(u, v): Point| (tip.0 + length * (u * cos - v * sin), tip.1 + length * (u * sin + v * cos));
    // The spline is closed by hand, so that the tip stays a corner.
    let mut points: Vec<Point> = outline.into_iter().map(place).collect();
    points.push(tip);
    spline(&points)
}

/// The point between `a` (t = 0) and `b` (t = 1).
pub(super) fn mix(a: Point, b: Point, t: f32) -> Point {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

/// The point at part `t` of the list of points.
pub(super) fn along(points: &[Point], t: f32) -> Point {
    let place = t.clamp(0.0, 1.0) * (points.len() - 1) as f32;
    let i = (place as usize).min(points.len().saturating_sub(2));
    mix(points[i], points[(i + 1).min(points.len() - 1)], place - i as f32)
}

/// The same points with x mirrored, in reverse: the other half of a symmetric outline.
pub(super) fn mirrored(points: &[Point]) -> Vec<Point> {
    points.iter().rev().map(|&(x, y)| (-x, y)).collect()
}
