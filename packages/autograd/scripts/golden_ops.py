"""Writes test/golden/fixtures/ops.json: ops of PyTorch in float64, with the gradients of all float inputs.

    python -B packages/autograd/scripts/golden_ops.py        (PyTorch; takes seconds)

A case is the op's name here, its other arguments, its inputs, a cotangent, the value, and the
gradients of Σ value · cotangent. Inputs are short decimals, so that the file stays small. The last
digits of the results depend on the machine.
"""

import json
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(1)
cases = []


def draw(*shape, scale=2.0):
    return ((torch.rand(shape, generator=generator) * 2 - 1) * scale * 1000).round() / 1000


def plain(x):
    return {'shape': list(x.shape), 'values': x.flatten().tolist()}


def case(op, f, *inputs, args=(), indices=None):
    inputs = [x.clone().requires_grad_() for x in inputs]
    value = f(*inputs)
    g = draw(*value.shape, scale=1.0)
    grads = torch.autograd.grad(value, inputs, g, allow_unused=True, materialize_grads=True) if value.requires_grad else []
    cases.append({
        'op': op,
        'args': list(args),
        'indices': None if indices is None else plain(indices),
        'inputs': [plain(x.detach()) for x in inputs],
        'cotangent': plain(g),
        'value': plain(value.detach()),
        'grads': [plain(x) for x in grads],
    })


F = torch.nn.functional
for scale in (1.0, 6.0, 60.0):
    x = draw(3, 5, scale=scale)
    case('logSigmoid', F.logsigmoid, x)
    case('sin', torch.sin, x)
    case('cos', torch.cos, x)
    case('erf', torch.erf, x)
    case('gelu', F.gelu, x)
    case('gelu', lambda a: F.gelu(a, approximate='tanh'), x, args=['tanh'])
    case('oneMinus', lambda a: 1 - a, x)
    case('round', torch.round, x)
    case('floor', torch.floor, x)
    case('isFinite', lambda a: torch.isfinite(a).double() + 0 * a, x)
case('lerp', torch.lerp, draw(3, 4), draw(3, 4), draw(3, 4))
case('lerp', torch.lerp, draw(3, 4), draw(4), draw(3, 1))
for dim in (0, 1, -1):
    x = draw(3, 4, 5)
    holes = x.clone()
    holes[0, 1, 2] = 0
    holes[2, :, 3] = 0
    for each in (x, holes):
        case('prod', lambda a: a.prod(dim), each, args=[dim])
        case('cumsum', lambda a: a.cumsum(dim), each, args=[dim])
    for correction in (0, 1):
        case('std', lambda a: a.std(dim, correction=correction), x, args=[dim, False, correction])
        case('std', lambda a: a.std(dim, correction=correction), torch.full((2, 3, 4), 0.1), args=[dim, False, correction])
    for down in (False, True):
        case('sort', lambda a: a.sort(dim=dim, descending=down, stable=True).values, x, args=[dim, down])
        case('topk', lambda a: a.topk(2, dim, largest=down).values, x, args=[2, dim, down])
    size = [3, 4, 5]
    size[dim] = 7
    index = torch.randint(0, x.shape[dim], size, generator=generator)
    case('takeAlong', lambda a: a.gather(dim, index), x, args=[dim], indices=index)
for equation, *shapes in (
    ('ij,jk->ik', (2, 3), (3, 4)), ('bij,bjk->bik', (2, 3, 4), (2, 4, 2)), ('i,j->ji', (3,), (2,)),
    ('ij,ij->', (2, 3), (2, 3)), ('ij,ij->j', (2, 3), (2, 3)), ('bhtd,bhsd->bhts', (2, 2, 3, 4), (2, 2, 5, 4)),
    ('ijk,jl->kil', (2, 3, 4), (3, 2)), ('ij,jk', (2, 3), (3, 4)), ('ijk->ki', (2, 3, 4)),
):  # fmt: skip
    case('einsum', lambda *all: torch.einsum(equation, *all), *(draw(*shape) for shape in shapes), args=[equation])
case('matvec', lambda a, v: (a @ v[..., None])[..., 0], draw(4, 2, 3), draw(4, 3))
case('matvec', torch.mv, draw(2, 3), draw(3))

path = Path(__file__).parent.parent / 'test/golden/fixtures/ops.json'
path.write_text('[\n' + ',\n'.join(json.dumps(each) for each in cases) + '\n]\n')
print(f'{len(cases)} cases')
