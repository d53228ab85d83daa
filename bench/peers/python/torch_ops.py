"""PyTorch: single ops."""

import torch
import torch.nn.functional as F
from common import Work, integers, probe, spread


def op(compute):
    """Work without gradients."""

    @torch.inference_mode()
    def run_many(n):
        for _ in range(n):
            compute()

    work = Work(None, lambda: probe(torch.inference_mode()(compute)()))
    work.run = run_many
    return work


def tensor(seed, *shape):
    return torch.tensor(spread(seed, shape), dtype=torch.float32)


def prepare_matmul(spec, variant):
    a, b = tensor(21, spec['m'], spec['k']), tensor(22, spec['k'], spec['n'])
    return op(lambda: a @ b)


def prepare_elementwise(spec, variant):
    x, y = tensor(23, spec['n']), tensor(24, spec['n'])
    return op({'add': lambda: x + y, 'tanh': lambda: torch.tanh(x), 'exp': lambda: torch.exp(x)}[spec['op']])


def prepare_cross_entropy(spec, variant):
    logits = tensor(25, spec['rows'], spec['V']).requires_grad_()
    targets = torch.from_numpy(integers(26, spec['rows'], spec['V']))

    def compute():
        return torch.autograd.grad(F.cross_entropy(logits, targets), logits)[0]

    return Work(compute, lambda: probe(compute()))


def prepare_gather(spec, variant):
    table = tensor(27, spec['V'], spec['E'])
    indices = torch.from_numpy(integers(28, spec['rows'], spec['V']))
    return op(lambda: F.embedding(indices, table))


def prepare_scatter(spec, variant):
    g = tensor(29, spec['rows'], spec['E'])
    indices = torch.from_numpy(integers(28, spec['rows'], spec['V']))
    return op(lambda: torch.zeros(spec['V'], spec['E']).index_add_(0, indices, g))


def prepare_small_op(spec, variant):
    x, b = tensor(30, 4), tensor(31, 4)

    def chain(y):
        for _ in range(spec['chain']):
            y = y + b
        return y

    if not spec['taped']:
        return op(lambda: chain(x))
    x.requires_grad_()

    def compute():
        return torch.autograd.grad((chain(x) * b).sum(), x)[0]

    return Work(compute, lambda: probe(compute()))
