"""The NumPy side of numpy-round-trip.mjs: writes arrays, then reads and compares Node's.

    python numpy_round_trip.py write|read FOLDER
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np

KINDS = ['f8', 'f4', 'f2', 'i8', 'i4', 'i2', 'i1', 'u8', 'u4', 'u2', 'u1', '?']
SHAPES = [(), (0,), (5,), (2, 3), (3, 1, 4), (2, 0, 3), (2, 3, 2, 2)]


def arrays():
    generator = np.random.default_rng(1)
    for kind, order, shape, layout in product(KINDS, '<>', SHAPES, 'CF'):
        values = generator.integers(0 if kind[0] in 'u?' else -100, 2 if kind == '?' else 100, shape)
        scaled = values / 7 if kind[0] == 'f' else values
        name = f'{kind.replace("?", "b1")}_{"le" if order == "<" else "be"}_{"x".join(map(str, shape))}_{layout}'
        yield name, np.asarray(scaled, dtype=order + kind, order=layout)


def write(folder):
    made = dict(arrays())
    np.savez(folder / 'stored.npz', **made)
    np.savez_compressed(folder / 'deflated.npz', **made)
    for name, array in made.items():
        np.save(folder / f'{name}.npy', array)


def read(folder):
    made, compared = dict(arrays()), 0
    sources = [np.load(folder / 'stored_again.npz'), np.load(folder / 'deflated_again.npz')]
    sources.append({name: np.load(folder / f'{name}_again.npy') for name in made})
    for source in sources:
        assert list(source) == list(made)
        for name, array in made.items():
            again = source[name]
            same = again.shape == array.shape and again.dtype == array.dtype.newbyteorder('<')
            assert same and np.array_equal(again, array), f'{name}: {again.dtype} {again.shape}'
            compared += 1
    kinds, numpy = len(KINDS), np.__version__
    print(f'NumPy {numpy}: {compared} arrays of {kinds} dtypes came back equal, in .npy, .npz and deflated .npz')


if __name__ == '__main__':
    {'write': write, 'read': read}[sys.argv[1]](Path(sys.argv[2]))
