//! Convolution as its definition has it: one loop for each axis, in 64 bits.

use manga_expressions::net::ops::Shape4;

/// Sizes of a convolution.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    /// `N, H, W, C_in` of the images.
    pub x: Shape4,
    /// `KH, KW, C_in, C_out` of the weight.
    pub kernel: [usize; 4],
    pub stride: usize,
    /// Zeros at top, bottom, left, right.
    pub sides: [usize; 4],
}

impl Convolution {
    /// Shape of the output.
    pub fn output(&self) -> Shape4 {
        let ((n, h, w, _), [kh, kw, _, o], [top, bottom, left, right]) = (self.x, self.kernel, self.sides);
        (n, (h + top + bottom - kh) / self.stride + 1, (w + left + right - kw) / self.stride + 1, o)
    }

    /// Calls `product` for every product of the convolution, with the places in output, images and weight.
    fn products(&self, mut product: impl FnMut(usize, usize, usize)) {
        let ((n, out_h, out_w, o), (_, h, w, c), [kh, kw, ..]) = (self.output(), self.x, self.kernel);
        let inside = |out: usize, k: usize, before: usize, size: usize| {
            (out * self.stride + k).checked_sub(before).filter(|i| *i < size)
        };
        for image in 0..n {
            for out_y in 0..out_h {
                for out_x in 0..out_w {
                    let to = ((image * out_h + out_y) * out_w + out_x) * o;
                    for ky in 0..kh {
                        let Some(y) = inside(out_y, ky, self.sides[0], h) else { continue };
                        for kx in 0..kw {
                            let Some(x) = inside(out_x, kx, self.sides[2], w) else { continue };
                            for i in 0..c {
                                let from = ((image * h + y) * w + x) * c + i;
                                let by = ((ky * kw + kx) * c + i) * o;
                                for j in 0..o {
                                    product(to + j, from, by + j);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The output, without bias and residual.
    pub fn forward(&self, x: &[f32], weight: &[f32]) -> Vec<f64> {
        let (n, h, w, o) = self.output();
        let mut y = vec![0.0; n * h * w * o];
        self.products(|to, from, by| y[to] += x[from] as f64 * weight[by] as f64);
        y
    }

    /// The gradients of images and weight from that of the output.
    pub fn backward(&self, x: &[f32], weight: &[f32], go: &[f32]) -> (Vec<f64>, Vec<f64>) {
        let (mut gx, mut gw) = (vec![0.0; x.len()], vec![0.0; weight.len()]);
        self.products(|to, from, by| {
            gx[from] += go[to] as f64 * weight[by] as f64;
            gw[by] += go[to] as f64 * x[from] as f64;
        });
        (gx, gw)
    }
}
