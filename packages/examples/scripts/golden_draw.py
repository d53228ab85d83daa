"""The draws of golden.py, and its summaries of large arrays. golden.py describes both."""

from math import fsum, sqrt

import numpy as np

from golden_rnn import NAMES

CHECK_SEED = 7


class Generator:
    """mulberry32. Its state is a counter, so a whole array is drawn at once."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, *shape):
        n = int(np.prod(shape))
        z = ((self.state + np.arange(1, n + 1, dtype=np.uint64) * 0x6D2B79F5) & 0xFFFFFFFF).astype(np.uint32)
        self.state = (self.state + n * 0x6D2B79F5) & 0xFFFFFFFF
        z = (z ^ (z >> 15)) * (z | 1)
        z ^= z + (z ^ (z >> 7)) * (z | 61)
        return ((z ^ (z >> 14)) / 2.0**32).reshape(shape)


def shapes(hidden, classes):
    matrices = {'Wxh': (hidden, classes), 'Whh': (hidden, hidden), 'Why': (classes, hidden)}
    return matrices | {'bh': (hidden,), 'by': (classes,)}


def draw(point, hidden, classes):
    generator, shape = Generator(point['seed']), shapes(hidden, classes)
    weights = {n: (2 * generator.uniform(*shape[n]) - 1) * (point['scales'][n] * sqrt(3)) for n in NAMES}
    accumulators = {n: generator.uniform(*shape[n]) * point['accumulators'][n] for n in NAMES}
    return weights, accumulators, (2 * generator.uniform(hidden) - 1) * point['hiddenScale']


def check(array):
    flat = array.ravel()
    generator = Generator(CHECK_SEED)
    index = [int((k + 0.5) * len(flat) / 12) for k in range(12)]
    return {
        'index': index,
        'value': [float(flat[i]) for i in index],
        'sum': fsum(flat),
        'sumAbs': fsum(abs(flat)),
        'maxAbs': float(abs(flat).max()),
        'dot': fsum(flat * (2 * generator.uniform(len(flat)) - 1)),
    }


def checks(arrays):
    return {name: check(arrays[name]) for name in NAMES}


def made_up_text(length):
    """Sentences of common words. More common words are first and are drawn more often."""
    words = (
        'the of and a to in he that his it was with for all not upon one from there when out what '
        'said then some would they were this great through more under white whale ship sea old man '
        "boat head long very crew night deep water far day sail hand wind jack's quick lazy dog extra "
        'size vexed job fog king about never again home eye voice hull'
    ).split()
    generator, text = Generator(11), ''
    while len(text) < length:
        n = 4 + int(generator.uniform(1)[0] * 7)
        chosen = [words[int(u * u * len(words))] for u in generator.uniform(n)]
        first = ('The', 'He', 'It', 'A', 'But', 'Some')[int(generator.uniform(1)[0] * 6)]
        end = ('. ', ', and so; ', '.\n', '! ', '? ', '.\n\n')[int(generator.uniform(1)[0] * 6)]
        text += ' '.join([first, *chosen]) + end
    return text[:length]
