"""Makes split.json: the fractions of a stratified split by scikit-learn, and the order into which a seed shuffles.

The order comes from ChaCha with 8 rounds as Bernstein describes it, seeded from a number as Rust's rand_core 0.6 does
(a PCG32 fills the key), and Fisher-Yates with rand 0.8's draw of a number below n. Nothing here is Rust.

python tests/golden/split.py    (scikit-learn 1.9, numpy 2.4)
"""

import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

M32, M64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def key_from(seed):
    words, state = [], seed
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) & M64
        shifted = (((state >> 18) ^ state) >> 27) & M32
        turn = state >> 59
        words.append(((shifted >> turn) | (shifted << (32 - turn))) & M32)
    return words


def chacha8(key):
    counter = 0
    while True:
        start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key, counter & M32, counter >> 32, 0, 0]
        s = list(start)

        def quarter(a, b, c, d):
            for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[x] = (s[x] + s[y]) & M32
                s[z] ^= s[x]
                s[z] = ((s[z] << turn) | (s[z] >> (32 - turn))) & M32

        for _ in range(4):
            for i in range(4):
                quarter(i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        yield from ((a + b) & M32 for a, b in zip(s, start))
        counter += 1


def below(n, words):
    zone = ((n << (32 - n.bit_length())) - 1) & M32
    while True:
        product = next(words) * n
        if product & M32 <= zone:
            return product >> 32


def shuffled(n, seed):
    words, order = chacha8(key_from(seed)), list(range(n))
    for i in range(n - 1, 0, -1):
        j = below(i + 1, words)
        order[i], order[j] = order[j], order[i]
    return order


def stratified(counts, fraction):
    labels = np.repeat(np.arange(len(counts)), counts)
    _, test = train_test_split(labels, test_size=fraction, stratify=labels, random_state=0)
    return {"counts": counts, "fraction": fraction, "test": np.bincount(test, minlength=len(counts)).tolist()}


golden = {
    "orders": [{"seed": seed, "order": shuffled(n, seed)} for seed, n in [(1, 20), (7, 20), (2**63 + 5, 91)]],
    # Sizes whose fraction is a whole number, which scikit-learn rounds up and this project down; without equal
    # remainders at the edge, which scikit-learn draws.
    "stratified": [stratified([53, 34, 101, 52, 54, 89, 67], 0.3), stratified([11, 23, 66], 0.25), stratified([97, 3], 0.3)],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
