"""NumPy: min-char-rnn's training step as people write it, and single ops.

Usage: numpy_rnn.py float64|float32
"""

import sys

import numpy as np
from common import Windows, Work, first_weights, integers, probe, serve, spread, training, uniform

dtype = np.dtype(sys.argv[1])


def prepare_training(spec, variant):
    """Loops over time with column vectors, one column per stream.

    Inputs are one-hot as in min-char-rnn, or looked up.
    """
    T, V, H, B = spec['T'], spec['V'], spec['H'], spec['B']
    first = first_weights(spec)
    Wxh, Whh, Why = (first[name].astype(dtype) for name in ('Wxh', 'Whh', 'Why'))
    bh, by = (first[name].astype(dtype).reshape(-1, 1) for name in ('bh', 'by'))
    parameters = [Wxh, Whh, Why, bh, by]
    memories = [np.zeros_like(parameter) for parameter in parameters]
    windows = Windows(T, B)
    columns = np.arange(B)
    one_hot = variant == 'one-hot'
    state = {'h': np.zeros((H, B), dtype), 'loss': 0.0}

    def gradients(inputs, targets, h):
        xs, hs, ps = {}, {-1: h}, {}
        loss = 0.0
        for t in range(T):
            if one_hot:
                xs[t] = np.zeros((V, B), dtype)
                xs[t][inputs[t], columns] = 1
                projected = Wxh @ xs[t]
            else:
                projected = Wxh[:, inputs[t]]
            hs[t] = np.tanh(projected + Whh @ hs[t - 1] + bh)
            y = Why @ hs[t] + by
            e = np.exp(y - y.max(axis=0))
            ps[t] = e / e.sum(axis=0)
            loss -= np.log(ps[t][targets[t], columns]).sum()
        dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
        dbh, dby = np.zeros_like(bh), np.zeros_like(by)
        dhnext = np.zeros_like(h)
        for t in reversed(range(T)):
            dy = ps[t]
            dy[targets[t], columns] -= 1
            dy /= T * B
            dWhy += dy @ hs[t].T
            dby += dy.sum(axis=1, keepdims=True)
            dh = Why.T @ dy + dhnext
            draw = (1 - hs[t] * hs[t]) * dh
            dbh += draw.sum(axis=1, keepdims=True)
            if one_hot:
                dWxh += draw @ xs[t].T
            else:
                np.add.at(dWxh.T, inputs[t], draw.T)
            dWhh += draw @ hs[t - 1].T
            dhnext = Whh.T @ draw
        return loss / (T * B), [dWxh, dWhh, dWhy, dbh, dby], hs[T - 1]

    def step():
        inputs, targets, restarted = windows.next()
        h = np.zeros((H, B), dtype) if restarted else state['h']
        state['loss'], grads, state['h'] = gradients(inputs, targets, h)
        for parameter, grad, memory in zip(parameters, grads, memories):
            np.clip(grad, -5, 5, out=grad)
            memory += grad * grad
            parameter -= 0.05 * grad / np.sqrt(memory + 1e-8)

    return training(step, lambda: state['loss'])


def prepare_sampling(spec, variant):
    """One character at a time; the column of Wxh is looked up."""
    first = {name: None if value is None else value.astype(dtype) for name, value in first_weights(spec).items()}
    Wxh, Whh, bh, Why, by = (first[name] for name in ('Wxh', 'Whh', 'bh', 'Why', 'by'))
    columns = np.ascontiguousarray(Wxh.T)
    luck = uniform(2, spec['length'])
    state = {'h': np.zeros(spec['H'], dtype), 'character': 0}

    def draw(u):
        h = state['h'] = np.tanh(columns[state['character']] + Whh @ state['h'] + bh)
        y = Why @ h + by
        e = np.exp(y - y.max())
        p = e / e.sum()
        character = state['character'] = min(int(p.cumsum().searchsorted(u, side='right')), spec['V'] - 1)
        return p[character]

    def step():
        for u in luck:
            draw(u)

    return Work(step, lambda: [draw(u) for u in luck])


def op(compute):
    return Work(compute, lambda: probe(compute()))


def prepare_matmul(spec, variant):
    a, b = spread(21, (spec['m'], spec['k'])).astype(dtype), spread(22, (spec['k'], spec['n'])).astype(dtype)
    return op(lambda: a @ b)


def prepare_elementwise(spec, variant):
    x, y = spread(23, (spec['n'],)).astype(dtype), spread(24, (spec['n'],)).astype(dtype)
    return op({'add': lambda: x + y, 'tanh': lambda: np.tanh(x), 'exp': lambda: np.exp(x)}[spec['op']])


def prepare_cross_entropy(spec, variant):
    rows, V = spec['rows'], spec['V']
    logits = spread(25, (rows, V)).astype(dtype)
    targets, every = integers(26, rows, V), np.arange(rows)

    def compute():
        p = logits - logits.max(axis=1, keepdims=True)
        np.exp(p, out=p)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[every, targets]).mean()
        p[every, targets] -= 1
        p /= rows
        return p, loss

    return Work(compute, lambda: probe(compute()[0]))


def prepare_gather(spec, variant):
    table, indices = spread(27, (spec['V'], spec['E'])).astype(dtype), integers(28, spec['rows'], spec['V'])
    return op(lambda: table[indices])


def prepare_scatter(spec, variant):
    g, indices = spread(29, (spec['rows'], spec['E'])).astype(dtype), integers(28, spec['rows'], spec['V'])

    def compute():
        table = np.zeros((spec['V'], spec['E']), dtype)
        np.add.at(table, indices, g)
        return table

    return op(compute)


def prepare_small_op(spec, variant):
    x, b = spread(30, (4,)).astype(dtype), spread(31, (4,)).astype(dtype)

    def compute():
        y = x
        for _ in range(spec['chain']):
            y = y + b
        return y

    return op(compute)


serve(
    {'numpy': np.__version__},
    {
        'train': prepare_training,
        'sample': prepare_sampling,
        'matmul': prepare_matmul,
        'elementwise': prepare_elementwise,
        'cross-entropy': prepare_cross_entropy,
        'gather': prepare_gather,
        'scatter': prepare_scatter,
        'small-op': prepare_small_op,
    },
)
