"""Losses, clipping, optimizers, schedules and character models for golden_torch.py, which describes what is drawn and how it is written.

losses       logits [6, 5] (outputs and targets of mse, and logits of binary cross-entropy [4, 3]) of scale 4; the loss, then
             the gradient. Targets are floor(5u); of binary cross-entropy u itself. `ignored` names targets set to -100.
clips        gradients [4, 3], [5] and [] of scale 3; the norm (null for clipping by value), then the clipped gradients.
             clip_grad_norm_ divides by norm + 1e-6.
optimizers   parameters [4, 3] and [5] of scale 1, then for each of 50 steps a gradient for each, of scale 1 but from step
             26 on 0.01; all parameters after steps 1, 2, 10 and 50.
schedules    the factor of the learning rate at steps 0 to 49.
models       a recurrent layer over one-hot characters and a Linear, both of scale 1/√H: 100 windows of the text, two
             streams (the second begins in the middle), the state carried; the losses, then checks of the weights.
"""

from math import sqrt

import torch
from torch.nn import functional as F
from torch.optim import lr_scheduler as schedulers

from golden_draw import Generator, checks, whole

TEXT = (
    'call me ishmael. some years ago, never mind how long precisely, having little or no money in my purse, and nothing '
    'particular to interest me on shore, i thought i would sail about a little and see the watery part of the world. it is '
    'a way i have of driving off the spleen and regulating the circulation. whenever i find myself growing grim about the '
    'mouth; whenever it is a damp, drizzly november in my soul; then, i account it high time to get to sea as soon as i can.'
)


def losses():
    for seed, (kind, options) in enumerate(
        [
            ('crossEntropy', {'reduction': 'mean'}),
            ('crossEntropy', {'reduction': 'sum'}),
            ('crossEntropy', {'reduction': 'mean', 'ignored': [1, 4]}),
            ('mse', {'reduction': 'mean'}),
            ('mse', {'reduction': 'sum'}),
            ('binaryCrossEntropy', {'reduction': 'mean'}),
            ('binaryCrossEntropy', {'reduction': 'sum'}),
        ],
        start=2000,
    ):
        draw, reduction = Generator(seed), options['reduction']
        if kind == 'crossEntropy':
            x = draw.around_zero(4, 6, 5)
            targets = draw.targets(5, 6)
            targets[options.get('ignored', [])] = -100
            loss = F.cross_entropy(x, targets, reduction=reduction)
        elif kind == 'mse':
            x = draw.around_zero(4, 4, 3)
            loss = F.mse_loss(x, draw.around_zero(4, 4, 3).detach(), reduction=reduction)
        else:
            x = draw.around_zero(4, 4, 3)
            targets = torch.from_numpy(draw.uniform(4, 3))
            loss = F.binary_cross_entropy_with_logits(x, targets, reduction=reduction)
        (gradient,) = torch.autograd.grad(loss, [x])
        yield {'kind': kind, 'seed': seed} | options | {'values': whole(loss, gradient)}


def clips():
    for seed, (kind, limit) in enumerate(
        [('norm', 0.5), ('norm', 4), ('norm', 1000), ('value', 0.3), ('value', 2.5), ('value', 100)], start=2100
    ):
        draw = Generator(seed)
        parameters = [torch.zeros(shape, dtype=torch.float64) for shape in ((4, 3), (5,), ())]
        for parameter in parameters:
            parameter.grad = draw.around_zero(3, *parameter.shape).detach()
        norm = None
        if kind == 'norm':
            norm = torch.nn.utils.clip_grad_norm_(parameters, limit).item()
        else:
            torch.nn.utils.clip_grad_value_(parameters, limit)
        values = whole(*(parameter.grad for parameter in parameters))
        yield {'kind': kind, 'limit': limit, 'seed': seed, 'norm': norm, 'values': values}


# PyTorch's options; the test says what ours are called.
OPTIMIZERS = [
    ('SGD', {'lr': 0.1}),
    ('SGD', {'lr': 0.05, 'momentum': 0.9}),
    ('SGD', {'lr': 0.05, 'momentum': 0.9, 'dampening': 0.3, 'weight_decay': 0.1}),
    ('SGD', {'lr': 0.05, 'momentum': 0.8, 'nesterov': True, 'weight_decay': 0.01}),
    ('Adagrad', {'lr': 0.1}),
    ('Adagrad', {'lr': 0.1, 'lr_decay': 0.05, 'weight_decay': 0.1}),
    ('Adagrad', {'lr': 0.1, 'initial_accumulator_value': 0.1, 'eps': 1e-5}),
    ('RMSprop', {'lr': 0.01}),
    ('RMSprop', {'lr': 0.01, 'alpha': 0.9, 'centered': True, 'eps': 1e-6}),
    ('RMSprop', {'lr': 0.01, 'momentum': 0.9, 'weight_decay': 0.1}),
    ('RMSprop', {'lr': 0.01, 'alpha': 0.95, 'centered': True, 'momentum': 0.5}),
    ('Adam', {'lr': 0.01}),
    ('Adam', {'lr': 0.01, 'betas': [0.8, 0.99], 'eps': 1e-4, 'weight_decay': 0.1}),
    ('AdamW', {'lr': 0.01}),
    ('AdamW', {'lr': 0.02, 'betas': [0.7, 0.9], 'weight_decay': 0.2}),
]


def optimizers():
    for seed, (name, options) in enumerate(OPTIMIZERS, start=2200):
        draw = Generator(seed)
        parameters = [draw.around_zero(1, 4, 3), draw.around_zero(1, 5)]
        optimizer = getattr(torch.optim, name)(parameters, **options)
        kept = []
        for step in range(1, 51):
            for parameter in parameters:
                parameter.grad = draw.around_zero(1 if step <= 25 else 0.01, *parameter.shape).detach()
            optimizer.step()
            if step in (1, 2, 10, 50):
                kept.extend(parameter.detach().clone() for parameter in parameters)
        yield {'name': name, 'options': options, 'seed': seed, 'values': whole(*kept)}


def schedules():
    made = {
        'step': lambda optimizer: schedulers.StepLR(optimizer, 7, 0.3),
        'exponential': lambda optimizer: schedulers.ExponentialLR(optimizer, 0.9),
        'cosine': lambda optimizer: schedulers.CosineAnnealingLR(optimizer, 49, 0.1),
        'warmup': lambda optimizer: schedulers.LinearLR(optimizer, 0.25, 1, 20),
    }
    for name, make in made.items():
        optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=1)
        schedule, factors = make(optimizer), []
        for _ in range(50):
            factors.append(optimizer.param_groups[0]['lr'])
            optimizer.step()
            schedule.step()
        yield {'name': name, 'values': whole(factors)}


MODELS = [
    {'kind': 'tanh', 'optimizer': 'Adagrad', 'options': {'lr': 0.05}, 'clip': 'value', 'limit': 0.05},
    {'kind': 'lstm', 'optimizer': 'Adam', 'options': {'lr': 0.01}, 'clip': 'norm', 'limit': 0.5},
    {'kind': 'gru', 'optimizer': 'RMSprop', 'options': {'lr': 0.003}, 'clip': 'norm', 'limit': 1},
]
HIDDEN, STEPS = 16, 10


def models():
    characters = sorted(set(TEXT))
    ids = torch.tensor([characters.index(c) for c in TEXT])
    classes, half = len(characters), len(ids) // 2
    for seed, settings in enumerate(MODELS, start=2300):
        draw, kind = Generator(seed), settings['kind']
        rnn = {'tanh': torch.nn.RNN, 'lstm': torch.nn.LSTM, 'gru': torch.nn.GRU}[kind](classes, HIDDEN).double()
        linear = torch.nn.Linear(HIDDEN, classes).double()
        parameters = [*rnn.parameters(), *linear.parameters()]
        for parameter in parameters:
            parameter.data.copy_(draw.around_zero(1 / sqrt(HIDDEN), *parameter.shape).detach())
        optimizer = getattr(torch.optim, settings['optimizer'])(parameters, **settings['options'])
        state, results = None, []
        for step in range(100):
            at = step * STEPS % (half - STEPS)
            window = torch.stack([ids[begin + at : begin + at + STEPS + 1] for begin in (0, half - 1)], 1)
            outputs, state = rnn(F.one_hot(window[:-1], classes).double(), state)
            state = tuple(s.detach() for s in state) if kind == 'lstm' else state.detach()
            loss = F.cross_entropy(linear(outputs).reshape(-1, classes), window[1:].reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            if settings['clip'] == 'norm':
                torch.nn.utils.clip_grad_norm_(parameters, settings['limit'])
            else:
                torch.nn.utils.clip_grad_value_(parameters, settings['limit'])
            optimizer.step()
            results.append(loss.item())
        yield settings | {'seed': seed, 'losses': whole(results), 'weights': checks(*parameters)}


def training():
    parts = {'losses': losses, 'clips': clips, 'optimizers': optimizers, 'schedules': schedules, 'models': models}
    sizes = {'hidden': HIDDEN, 'steps': STEPS}
    return {'text': TEXT} | sizes | {name: list(part()) for name, part in parts.items()}
