"""Writes the golden fixtures of the character RNN, computed independently of Chronograd.

    python -B packages/examples/scripts/golden.py
    (Python 3.10 or newer, and NumPy; takes 12 seconds)

The network, in golden_rnn.py, is written from its equations in float64 and shares no code with
Chronograd. The files in packages/examples/test/fixtures are the same byte for byte on every
machine.

text.json: a synthetic text. A character's class is its index in `characters` (sorted by code
point).

notebook.json: the preset `notebook` from start to end. It has the loss of each of 300 iterations,
the smoothed loss, and the state after the last. Iterations in `resets` start at position 0 from a
zero state.

presets.json: the other presets. They amplify rounding: all but day31-small grow a change in the
weights' last bit to 1e-9 within 4 to 14 iterations. So they are not run. Each has one point for
iterations 0, 100 and 1,000, with a position in the text and drawn weights, accumulators and state.
Results are the loss, the gradients, the number of clipped gradient elements, and the values after
one clipped Adagrad update.

Drawn numbers: mulberry32 (Tommy Ettinger, 2017), started from `seed`, gives 32 bits per draw; u =
bits / 2^32. There is one stream per point, with matrices row by row. First the weights Wxh [H, V],
Whh [H, H], Why [V, H], bh [H], by [V], each (2u - 1) * (s * sqrt(3)), with standard deviation s =
scales[name]. Then the Adagrad accumulators in the same order, each u * accumulators[name]. Then the
hidden state [H], each (2u - 1) * hiddenScale. At iterations 100 and 1,000 the scales are near those
of a real run. `draws` are the first u of one seed.

Checks: a large array is stored as 12 evenly spaced elements (`index`, `value`), `sum`, `sumAbs`,
`maxAbs`, and `dot`, its dot product with 2u - 1 drawn from `checkSeed`. Rounding grows with the
size of the numbers, so compare elements relative to maxAbs, and sum and dot relative to sumAbs.

Losses are summed over the window. Gradients are those before clipping. `epsilon` is inside
Adagrad's root. Every number reads back to the same float64.
"""

import json
from math import sqrt
from pathlib import Path

import numpy as np

from golden_draw import CHECK_SEED, Generator, check, checks, draw, made_up_text, shapes
from golden_rnn import EPSILON, NAMES, adagrad, log, window

FIXTURES = Path(__file__).resolve().parent.parent / 'test' / 'fixtures'
# At this length the notebook's rule p + T + 1 >= length holds with equality at iteration 240, so
# that a > would be noticed.
TEXT_LENGTH = 2411


def normal(deviation):
    return lambda rows, columns: deviation


def fan_in(rows, columns):
    return sqrt(1 / columns)


def xavier(rows, columns):
    return sqrt(2 / (rows + columns))


PRESETS = {
    'min-char-rnn': {'hidden': 100, 'steps': 25, 'lr': 0.1, 'clip': 5, 'init': normal(0.01)},
    'micro-rnn': {'hidden': 128, 'steps': 30, 'lr': 0.05, 'clip': 3, 'init': fan_in},
    'clear-rnn': {'hidden': 100, 'steps': 25, 'lr': 0.1, 'clip': 5, 'init': normal(0.01)},
    'day31-small': {'hidden': 25, 'steps': 15, 'lr': 0.1, 'clip': 5, 'init': xavier},
    'day31-medium': {'hidden': 50, 'steps': 25, 'lr': 0.1, 'clip': 5, 'init': xavier},
    'day31-large': {'hidden': 100, 'steps': 35, 'lr': 0.1, 'clip': 5, 'init': xavier},
    'module05': {'hidden': 100, 'steps': 25, 'lr': 0.1, 'clip': 5, 'init': xavier},
}
NOTEBOOK = {'hidden': 100, 'steps': 10, 'lr': 0.01, 'clip': 5, 'init': normal(0.1)}

# Standard deviations, and upper bounds of the accumulators, as in runs of these presets.
TRAINED = {
    100: {
        'scales': {'Wxh': 0.2, 'Whh': 0.15, 'Why': 0.2, 'bh': 0.2, 'by': 0.3},
        'accumulators': {'Wxh': 2.0, 'Whh': 30.0, 'Why': 100.0, 'bh': 60.0, 'by': 100.0},
    },
    1000: {
        'scales': {'Wxh': 0.5, 'Whh': 0.2, 'Why': 0.25, 'bh': 0.2, 'by': 0.4},
        'accumulators': {'Wxh': 10.0, 'Whh': 300.0, 'Why': 800.0, 'bh': 400.0, 'by': 800.0},
    },
}


def settings(preset):
    return {key: preset[key] for key in ('hidden', 'steps', 'lr', 'clip')} | {'epsilon': EPSILON}


def untrained(preset, classes):
    matrices = {n: s for n, s in shapes(preset['hidden'], classes).items() if len(s) == 2}
    scales = dict.fromkeys(NAMES, 0.0) | {n: preset['init'](*s) for n, s in matrices.items()}
    return {'scales': scales, 'accumulators': dict.fromkeys(NAMES, 0.0), 'hiddenScale': 0.0}


def positions(length, steps):
    """Each iteration's position, and whether it starts from a zero state.

    It does in the first iteration and at the end of the text.
    """
    p, start = 0, True
    while True:
        yield p, start
        p, start = p + steps, False
        if p + steps + 1 >= length:
            p, start = 0, True


def notebook(ids, classes):
    lr, clip, steps = NOTEBOOK['lr'], NOTEBOOK['clip'], NOTEBOOK['steps']
    start = {'seed': 1} | untrained(NOTEBOOK, classes)
    weights, accumulators, zeros = draw(start, NOTEBOOK['hidden'], classes)
    losses, resets, smoothed, state = [], [], float(log(classes)) * steps, zeros
    for iteration, (p, fresh) in zip(range(300), positions(len(ids), steps)):
        if fresh:
            state = zeros
            resets.append(iteration)
        loss, gradients, state = window(weights, ids[p : p + steps + 1], state)
        adagrad(weights, accumulators, gradients, lr, clip)
        losses.append(loss)
        smoothed = 0.999 * smoothed + 0.001 * loss
    final = {'weights': checks(weights), 'accumulators': checks(accumulators), 'hidden': state.tolist()}
    results = {'resets': resets, 'losses': losses, 'smoothed': smoothed, 'final': final}
    return settings(NOTEBOOK) | {'start': start} | results


def point(preset, seed, iteration, ids, classes):
    trained = iteration > 0
    start = TRAINED[iteration] | {'hiddenScale': 1.0} if trained else untrained(preset, classes)
    place = next(p for i, (p, _) in enumerate(positions(len(ids), preset['steps'])) if i == iteration)
    start = {'iteration': iteration, 'position': place, 'seed': seed} | start
    weights, accumulators, state = draw(start, preset['hidden'], classes)
    loss, gradients, last = window(weights, ids[place : place + preset['steps'] + 1], state)
    adagrad(weights, accumulators, gradients, preset['lr'], preset['clip'])
    clipped = sum(int((abs(g) > preset['clip']).sum()) for g in gradients.values())
    after = {'accumulators': checks(accumulators), 'weights': checks(weights), 'hidden': check(last)}
    return start | {'loss': loss, 'clipped': clipped, 'gradients': checks(gradients), 'after': after}


def layout(value, depth):
    """JSON with one line per item in its outer `depth` levels."""
    if depth > 0 and isinstance(value, list) and isinstance(value[0], (dict, str)):
        return '[\n' + ',\n'.join(layout(item, depth - 1) for item in value) + '\n]'
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value)
    inner = ',\n'.join(f'{json.dumps(key)}: {layout(item, depth - 1)}' for key, item in value.items())
    return '{\n' + inner + '\n}'


def write(name, contents):
    contents = {'about': __doc__.splitlines()} | contents
    (FIXTURES / name).write_text(layout(contents, 5) + '\n', encoding='utf-8', newline='\n')


def main():
    text = made_up_text(TEXT_LENGTH)
    characters = ''.join(sorted(set(text)))
    ids, classes = np.array([characters.index(c) for c in text]), len(characters)
    presets = {}
    for number, (name, preset) in enumerate(PRESETS.items(), start=1):
        points = [point(preset, 100 * number + k, at, ids, classes) for k, at in enumerate((0, 100, 1000))]
        presets[name] = settings(preset) | {'points': points}
    draws = {'seed': 1, 'first': Generator(1).uniform(8).tolist()}
    write('text.json', {'draws': draws, 'characters': characters, 'text': text})
    write('notebook.json', {'checkSeed': CHECK_SEED} | notebook(ids, classes))
    write('presets.json', {'checkSeed': CHECK_SEED, 'presets': presets})


if __name__ == '__main__':
    main()
