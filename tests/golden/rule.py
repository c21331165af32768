"""The rule that fills inputs and weights of the golden cases, so that the files hold only shapes, settings and results.

All arithmetic is on unsigned 32-bit integers that wrap around. For the flat index i of a tensor (C order: the last
axis varies fastest) and the name under which it is filled:

    mix(x):   x ^= x >> 16;  x *= 0x7feb352d;  x ^= x >> 15;  x *= 0x846ca68b;  x ^= x >> 16
    h         = FNV-1a of the name's UTF-8 bytes: h = 0x811c9dc5; for each byte: h ^= byte; h *= 0x01000193
    bits      = mix(mix(i) ^ h)
    value     = (bits >> 8) / 2^23 - 1

The value lies in [-1, 1), is spread evenly, has 24 bits and so is the same number as float32 and as float64. The hash is
Chris Wellons' "lowbias32". A tensor may be scaled and shifted: shift + scale * value, each step rounded to float32.

tests/common/rule.rs is the same in Rust.
"""

import numpy as np


def fnv1a(name):
    h = 0x811C9DC5
    for byte in name.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h


def mix(x):
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def fill(name, shape, scale=1.0, shift=0.0):
    """A float32 array of `shape`, filled by the rule."""
    index = np.arange(int(np.prod(shape)), dtype=np.uint32)
    bits = mix(mix(index) ^ np.uint32(fnv1a(name)))
    value = (bits >> np.uint32(8)).astype(np.float32) / np.float32(1 << 23) - np.float32(1)
    return (np.float32(shift) + np.float32(scale) * value).reshape(shape)


def number(x):
    """A number for the file, with nine significant digits: enough to tell any two float32 apart."""
    return float(f"{float(x):.9g}")


def summary(x):
    """What the file keeps of a large tensor: its norm, and its dot product with the direction filled as "direction"."""
    x = np.asarray(x, dtype=np.float64)
    return {"norm": number(np.sqrt((x * x).sum())), "dot": number((x * fill("direction", x.shape)).sum())}
