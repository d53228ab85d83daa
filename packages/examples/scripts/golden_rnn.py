"""The vanilla RNN, its loss, its gradients and Adagrad in float64 NumPy, from the equations.

See golden.py. The bits are the same on every machine. NumPy only adds, multiplies, divides and
takes square roots element by element, each exactly rounded. Products add in a fixed order, not in
that of a BLAS. exp, tanh and log use decimal arithmetic.
"""

from decimal import Decimal, getcontext
from math import fsum

import numpy as np

NAMES = ('Wxh', 'Whh', 'Why', 'bh', 'by')
EPSILON = 1e-8  # inside Adagrad's root
getcontext().prec = 50


def elementwise(function):
    return lambda x: np.vectorize(lambda v: float(function(Decimal(float(v)))), otypes=[float])(x)


exp = elementwise(lambda x: x.exp())
log = elementwise(lambda x: x.ln())
tanh = elementwise(lambda x: 1 - 2 / ((2 * x).exp() + 1))


def product(a, b):
    """a @ b, added in ascending order of the inner index."""
    return np.add.accumulate(a[:, :, None] * b[None, :, :], axis=1)[:, -1, :]


def window(w, ids, state):
    """Loss, gradients and last state; each of ids[:-1] predicts the next.

    Arrays have a row for each step.
    """
    steps, rows = len(ids) - 1, np.arange(len(ids) - 1)
    x = np.eye(len(w['by']))[ids[:-1]]
    states = [state]
    for t in range(steps):
        into = w['Wxh'][:, ids[t]] + product(w['Whh'], states[t][:, None])[:, 0] + w['bh']
        states.append(tanh(into))
    h = np.array(states)

    logits = product(h[1:], w['Why'].T) + w['by']
    above = logits - logits.max(axis=1, keepdims=True)
    mass = np.add.accumulate(exp(above), axis=1)[:, -1]
    loss = fsum(log(mass) - above[rows, ids[1:]])

    d_logits = exp(above) / mass[:, None]
    d_logits[rows, ids[1:]] -= 1.0
    d_h = product(d_logits, w['Why'])
    d_into = np.zeros_like(d_h)
    for t in reversed(range(steps)):
        slope = 1.0 - h[t + 1] * h[t + 1]
        d_into[t] = d_h[t] * slope
        if t > 0:
            d_h[t - 1] += product(d_into[t][None, :], w['Whh'])[0]
    gradients = {
        'Wxh': product(d_into.T, x),
        'Whh': product(d_into.T, h[:-1]),
        'Why': product(d_logits.T, h[1:]),
        'bh': np.add.accumulate(d_into)[-1],
        'by': np.add.accumulate(d_logits)[-1],
    }
    return loss, gradients, h[-1]


def adagrad(w, accumulators, gradients, lr, clip):
    for name in NAMES:
        g = np.clip(gradients[name], -clip, clip)
        accumulators[name] = accumulators[name] + g * g
        w[name] = w[name] - lr * g / np.sqrt(accumulators[name] + EPSILON)
