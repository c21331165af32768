//! The order of a tensor's axes: ours, with which convolutions are fast, and PyTorch's, which files have.
//!
//! | parameter | here (and in Keras) | PyTorch |
//! |---|---|---|
//! | convolution | `KH, KW, C_in, C_out` | `C_out, C_in, KH, KW` |
//! | dense | `in, out` | `out, in` |
//! | anything else | as it is | as it is |

/// The side of the squares in which a matrix is transposed, so that both sides stay in the processor's cache.
const TILE: usize = 32;

/// The shape in PyTorch's order of a tensor that has `shape` here.
pub(crate) fn torch_shape(shape: &[usize]) -> Vec<usize> {
    match *shape {
        [height, width, from, to] => vec![to, from, height, width],
        [from, to] => vec![to, from],
        _ => shape.to_vec(),
    }
}

/// Values in PyTorch's order, of a tensor that has `shape` here.
pub(crate) fn to_torch(values: Vec<f32>, shape: &[usize]) -> Vec<f32> {
    match *shape {
        [height, width, from, to] => {
            let places = height * width;
            inner(transpose(&values, places * from, to), places, from)
        }
        [from, to] => transpose(&values, from, to),
        _ => values,
    }
}

/// Values in our order, of a tensor that has `shape` here.
pub(crate) fn from_torch(values: Vec<f32>, shape: &[usize]) -> Vec<f32> {
    match *shape {
        [height, width, from, to] => {
            let places = height * width;
            transpose(&inner(values, from, places), to, places * from)
        }
        [from, to] => transpose(&values, to, from),
        _ => values,
    }
}

/// Transposes each of the matrices of `rows` x `columns` that lie one after the other.
fn inner(values: Vec<f32>, rows: usize, columns: usize) -> Vec<f32> {
    // A tensor with a side of 0 has no values.
    if rows <= 1 || columns <= 1 {
        return values;
    }
    values.chunks_exact(rows * columns).flat_map(|matrix| transpose(matrix, rows, columns)).collect()
}

fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    for top in (0..rows).step_by(TILE) {
        for left in (0..columns).step_by(TILE) {
            for column in left..columns.min(left + TILE) {
                for row in top..rows.min(top + TILE) {
                    out[column * rows + row] = values[row * columns + column];
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value tells its place: the four digits are its indices in our order.
    fn places(shape: [usize; 4]) -> Vec<f32> {
        let [a, b, c, d] = shape;
        let mut values = Vec::new();
        for i in 0..a * b * c * d {
            let (h, w, from, to) = (i / (b * c * d), i / (c * d) % b, i / d % c, i % d);
            values.push((h * 1_000_000 + w * 10_000 + from * 100 + to) as f32);
        }
        values
    }

    #[test]
    fn convolutions_have_their_outputs_first_in_files() {
        for shape in [[2, 3, 5, 7], [1, 1, 40, 33], [3, 3, 1, 6], [7, 7, 3, 64], [2, 1, 1, 1]] {
            let [height, width, from, to] = shape;
            let ours = places(shape);
            let theirs = to_torch(ours.clone(), &shape);
            assert_eq!(torch_shape(&shape), [to, from, height, width]);
            for (i, value) in theirs.iter().enumerate() {
                let (w, h) = (i % width, i / width % height);
                let (c, o) = (i / (width * height) % from, i / (width * height * from));
                assert_eq!(*value, (h * 1_000_000 + w * 10_000 + c * 100 + o) as f32, "{shape:?} at {i}");
            }
            assert_eq!(from_torch(theirs, &shape), ours);
        }
    }

    #[test]
    fn dense_layers_have_their_outputs_first_in_files() {
        let shape = [2, 3];
        assert_eq!(to_torch(vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0], &shape), [0.0, 10.0, 1.0, 11.0, 2.0, 12.0]);
        assert_eq!(from_torch(vec![0.0, 10.0, 1.0, 11.0, 2.0, 12.0], &shape), [0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
        assert_eq!((torch_shape(&shape), torch_shape(&[4])), (vec![3, 2], vec![4]));
        assert_eq!(to_torch(vec![1.0, 2.0], &[2]), [1.0, 2.0]);
    }
}
