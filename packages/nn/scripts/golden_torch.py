"""Writes the golden fixtures of packages/nn: PyTorch's results in float64.

    python -B packages/nn/scripts/golden_torch.py        (PyTorch and NumPy; takes half a minute)

recurrent.json: nn.RNN (tanh, relu), nn.LSTM and nn.GRU over layers, directions, biases, T, B and H.
Results are outputs, final states, and the gradients of inputs, initial states and all weights.
Weights are PyTorch's uniform ±1/√H, so gates are far from saturation. Some LSTMs have a projection,
and some sequences have different lengths (packed).

training.json: losses and their gradients, clipping, optimizers over 50 steps of given gradients,
learning-rate schedules, and the losses of character models over 100 steps (see golden_training.py).

fit.json: one-cycle rates, reductions on a plateau, averages of weights (see golden_fit.py).

sequence.json: CTC and attention (see golden_sequence.py).

Only results are stored. Inputs are drawn on both sides by mulberry32 (Tommy Ettinger, 2017) from
the case's `seed`, 32 bits per draw, u = bits / 2^32. Each number is (2u - 1) * scale, and arrays
are row by row in this order. First the weights in PyTorch's order, layer by layer, forward before
backward (weight_ih, weight_hh, bias_ih, bias_hh, weight_hr), scale 1/√H. Then the inputs [T, B, I],
scale 1.5. Then h0 and, for an LSTM, c0, scale 1. Then the cotangents of outputs, h_n (and c_n),
scale 1. The loss is the sum of outputs and final states times their cotangents.

`values` is base64 of little-endian float64, arrays in this order: outputs, h_n (c_n), gradients of
x, h0 (c0) and the weights in their order. `names` has PyTorch's names of the weights. Arrays of up
to 8 elements are whole. A larger one has six random projections, Σ a_i (2u_i - 1) with the u of
seeds 1 to 6, and its first and last element. An error anywhere changes every projection.

The last digits of the results depend on the machine (the order in which its BLAS adds). 1e-12 is a
hundred times wider.
"""

import json
from itertools import product
from math import sqrt
from pathlib import Path

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from golden_draw import Generator, checks
from golden_fit import fit
from golden_sequence import sequence
from golden_training import training

FIXTURES = Path(__file__).resolve().parent.parent / 'test' / 'golden' / 'fixtures'
KINDS = ('tanh', 'relu', 'lstm', 'gru')
SIZES = (1, 4, 5, 8, 33)
INPUTS = (3, 1, 6)


def module(case):
    options = {'num_layers': case['layers'], 'bidirectional': case['both'], 'bias': case['bias']}
    sizes = (case['inputs'], case['hidden'])
    if case['kind'] == 'lstm':
        return torch.nn.LSTM(*sizes, **options, proj_size=case.get('projection', 0))
    if case['kind'] == 'gru':
        return torch.nn.GRU(*sizes, **options)
    return torch.nn.RNN(*sizes, **options, nonlinearity=case['kind'])


def run(case):
    draw, rnn = Generator(case['seed']), module(case).double()
    weights = [weight for _, weight in rnn.named_parameters()]
    for weight in weights:
        weight.data.copy_(draw.around_zero(1 / sqrt(case['hidden']), *weight.shape).detach())
    steps, batch, hidden = case['steps'], case['batch'], case['hidden']
    parts = case['layers'] * (2 if case['both'] else 1)
    projected = case.get('projection', hidden)
    x = draw.around_zero(1.5, steps, batch, case['inputs'])
    before = [draw.around_zero(1, parts, batch, projected)]
    if case['kind'] == 'lstm':
        before.append(draw.around_zero(1, parts, batch, hidden))
    state = tuple(before) if len(before) == 2 else before[0]
    if 'lengths' in case:
        packed = pack_padded_sequence(x, torch.tensor(case['lengths']), enforce_sorted=False)
        outputs, after = rnn(packed, state)
        outputs, _ = pad_packed_sequence(outputs, total_length=steps)
    else:
        outputs, after = rnn(x, state)
    results = [outputs, *(after if isinstance(after, tuple) else (after,))]
    loss = sum((result * draw.around_zero(1, *result.shape).detach()).sum() for result in results)
    return checks(*results, *torch.autograd.grad(loss, [x, *before, *weights]))


def cases():
    """Every kind, number of layers, direction, bias, T and B, with varying H and input sizes."""
    axes = (KINDS, (1, 2, 3), (False, True), (True, False), (1, 2, 7, 25), (1, 3))
    for n, (kind, layers, both, bias, steps, batch) in enumerate(product(*axes)):
        hidden, inputs = SIZES[(n + n // 5) % 5], INPUTS[n % 3]
        yield case(kind, layers, both, bias, steps, batch, hidden, inputs)
    for layers, both, bias, projection in product((1, 2), (False, True), (True, False), (1, 3)):
        yield case('lstm', layers, both, bias, 4, 2, 5, 3) | {'projection': projection}
    for kind, layers, both in product(KINDS, (1, 2), (False, True)):
        yield case(kind, layers, both, True, 7, 4, 5, 3) | {'lengths': [4, 7, 1, 7]}


def case(kind, layers, both, bias, steps, batch, hidden, inputs):
    sizes = {'steps': steps, 'batch': batch, 'hidden': hidden, 'inputs': inputs}
    return {'kind': kind, 'layers': layers, 'both': both, 'bias': bias} | sizes


def recurrent():
    made = [case | {'seed': 1000 + n} for n, case in enumerate(cases())]
    names = {structure(case): [name for name, _ in module(case).named_parameters()] for case in made}
    return {'names': names, 'cases': [case | {'values': run(case)} for case in made]}


def structure(case):
    """The options that determine the names of the weights."""
    kind = case['kind'] if case['kind'] in ('lstm', 'gru') else 'rnn'
    both, bias = ('both' if case['both'] else 'forward'), ('bias' if case['bias'] else 'no bias')
    return f'{kind} {case["layers"]} {both} {bias}' + (' projection' if 'projection' in case else '')


def write(name, contents):
    head = {'about': __doc__.splitlines(), 'torch': torch.__version__}
    lines = [f'{json.dumps(key)}: {layout(value)}' for key, value in (head | contents).items()]
    text = '{\n' + ',\n'.join(lines) + '\n}\n'
    (FIXTURES / name).write_text(text, encoding='utf-8', newline='\n')
    print(f'{name}: {len(text):,} bytes')


def layout(value):
    """One line per item of an object, or of a list of objects."""
    if isinstance(value, dict):
        return '{\n' + ',\n'.join(f'{json.dumps(key)}: {json.dumps(item)}' for key, item in value.items()) + '\n}'
    if not isinstance(value, list) or not isinstance(value[0], dict):
        return json.dumps(value, ensure_ascii=False)
    return '[\n' + ',\n'.join(json.dumps(item) for item in value) + '\n]'


def main():
    torch.set_num_threads(1)
    write('recurrent.json', recurrent())
    write('training.json', training())
    write('fit.json', fit())
    write('sequence.json', sequence())


if __name__ == '__main__':
    main()
