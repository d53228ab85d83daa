"""Losses, clipping, optimizers, schedules and character models for golden_torch.py.

golden_torch.py describes the draws and the format.

losses: logits [6, 5] of scale 4. The other losses have outputs and targets [4, 3] of scale 4, binary
cross-entropy targets u. Results are the loss, then the gradient. Class targets are floor(5u).
`ignored` lists targets set to -100. `soft` targets are the softmax of numbers [6, 5] of scale 2,
whose gradient follows. `weight` is 2u [5], `posWeight` 3u of that shape. gaussianNLL then draws
[4, columns] of scale 2, whose gradient follows: log variances, or, squared, variances. PyTorch has
no quantile loss: its formula is in NumPy. `quantiles` is a number, or a list with targets [4, 1].
With reduction none, the cotangent of the losses, scale 1, is drawn last.

clips: gradients [4, 3], [5] and [] of scale 3. Results are the norm (null for clipping by value),
then the clipped gradients. clip_grad_norm_ divides by norm + 1e-6. `normType` null is infinity.

norms: LayerNorm over `shape`, the last axes of x [2, 3, 4] of scale 2, with weight and bias of
scale 1. Results are the output, then the gradients of x, weight and bias for a cotangent of scale
1.

convolutions: Conv1d from 3 to 4 features over x [5, 2, 3] of scale 2, padded on the left, with weight
and bias of scale 1. Results are the output [5, 2, 4], then the gradients of x, weight and bias for a
cotangent of scale 1.

embeddings: weight [5, 3] of scale 1, with `paddingIndex`, looked up at floor(5u) [7]. Results are
the initial padding row of the weight, the output, and the gradient of the weight for a cotangent of
scale 1.

optimizers: parameters [4, 3] and [5] of scale 1. Then for each of 50 steps a gradient for each, of
scale 1, and of scale 0.01 from step 26 on. Results are all parameters after steps 1, 2, 10 and 50.

resumed: parameters as for optimizers, in two groups, with gradients of scale 1. Learning rates
change, and a state is saved and loaded during the run (see RESUMED). Results are the last rates,
then the parameters.

schedules: the factor of the learning rate at steps 0 to 49.

models: a recurrent layer over one-hot characters and a Linear, both of scale 1/√H. 100 windows of
the text in two streams (the second begins in the middle), with the state carried. Results are the
losses, then checks of the weights.
"""

from math import inf, sqrt

import numpy as np
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


# Options by our names. `ignored` lists rows with an ignored target. `soft` makes targets probabilities.
LOSSES = [
    ('crossEntropy', {'reduction': 'mean'}),
    ('crossEntropy', {'reduction': 'sum'}),
    ('crossEntropy', {'reduction': 'mean', 'ignored': [1, 4]}),
    ('mse', {'reduction': 'mean'}),
    ('mse', {'reduction': 'sum'}),
    ('binaryCrossEntropy', {'reduction': 'mean'}),
    ('binaryCrossEntropy', {'reduction': 'sum'}),
    ('crossEntropy', {'reduction': 'none', 'ignored': [1, 4]}),
    ('mse', {'reduction': 'none'}),
    ('binaryCrossEntropy', {'reduction': 'none'}),
    *(
        ('crossEntropy', {'reduction': reduction} | target | weight | smoothing)
        for reduction in ('mean', 'sum', 'none')
        for target in ({'ignored': [0, 3]}, {'soft': True})
        for weight in ({}, {'weight': True})
        for smoothing in ({}, {'labelSmoothing': 0.1}, {'labelSmoothing': 1})
    ),
    *(
        ('binaryCrossEntropy', {'reduction': reduction, 'posWeight': shape})
        for reduction in ('mean', 'sum', 'none')
        for shape in ([3], [4, 1], [4, 3])
    ),
    *(
        ('huber', {'reduction': reduction} | delta)
        for reduction in ('mean', 'sum', 'none')
        for delta in ({}, {'delta': 0.3}, {'delta': 3})
    ),
    *(
        ('gaussianNLL', {'reduction': reduction, 'spread': spread, 'columns': columns} | options)
        for reduction in ('mean', 'sum', 'none')
        for spread in ('variance', 'logVariance')
        for columns in (3, 1)
        for options in ({}, {'full': True}, {'eps': 0.5})
        if spread == 'variance' or 'eps' not in options
    ),
    *(
        ('quantileLoss', {'reduction': reduction, 'quantiles': quantiles})
        for reduction in ('mean', 'sum', 'none')
        for quantiles in (0.5, 0.9, [0.1, 0.5, 0.9])
    ),
]


def losses():
    for seed, (kind, options) in enumerate(LOSSES, start=2000):
        draw, reduction = Generator(seed), options['reduction']
        if kind == 'quantileLoss':
            yield {'kind': kind, 'seed': seed} | options | {'values': quantile_loss(draw, options)}
            continue
        if kind == 'crossEntropy':
            loss, inputs = cross_entropy(draw, options)
        elif kind == 'gaussianNLL':
            loss, inputs = gaussian(draw, options)
        else:
            x = draw.around_zero(4, 4, 3)
            inputs = [x]
            if kind == 'mse':
                loss = F.mse_loss(x, draw.around_zero(4, 4, 3).detach(), reduction=reduction)
            elif kind == 'huber':
                target = draw.around_zero(4, 4, 3).detach()
                loss = F.huber_loss(x, target, reduction=reduction, delta=options.get('delta', 1))
            else:
                targets = torch.from_numpy(draw.uniform(4, 3))
                shape = options.get('posWeight')
                weight = torch.from_numpy(3 * draw.uniform(*shape)) if shape else None
                loss = F.binary_cross_entropy_with_logits(x, targets, pos_weight=weight, reduction=reduction)
        cotangent = draw.around_zero(1, *loss.shape).detach() if reduction == 'none' else torch.ones_like(loss)
        gradients = torch.autograd.grad(loss, inputs, cotangent)
        yield {'kind': kind, 'seed': seed} | options | {'values': whole(loss, *gradients)}


def cross_entropy(draw, options):
    x = draw.around_zero(4, 6, 5)
    if 'soft' in options:
        targets = draw.around_zero(2, 6, 5)
        inputs, targets = [x, targets], targets.softmax(-1)
    else:
        inputs, targets = [x], draw.targets(5, 6)
        targets[options.get('ignored', [])] = -100
    weight = torch.from_numpy(2 * draw.uniform(5)) if 'weight' in options else None
    smoothing = options.get('labelSmoothing', 0)
    return F.cross_entropy(x, targets, weight, reduction=options['reduction'], label_smoothing=smoothing), inputs


def gaussian(draw, options):
    x, target = draw.around_zero(4, 4, 3), draw.around_zero(4, 4, 3).detach()
    spread = draw.around_zero(2, 4, options['columns'])
    variance = spread.square() if options['spread'] == 'variance' else spread.exp()
    named = {'full': options.get('full', False), 'eps': options.get('eps', 1e-6)}
    loss = F.gaussian_nll_loss(x, target, variance, **named, reduction=options['reduction'])
    return loss, [x, spread]


def quantile_loss(draw, options):
    """Koenker and Bassett (1978) in NumPy: max(q·d, (q − 1)·d)."""
    reduction, q = options['reduction'], np.array(options['quantiles'])
    output = draw.around_zero(4, 4, 3).detach().numpy()
    target = draw.around_zero(4, *((4, 1) if q.ndim else (4, 3))).detach().numpy()
    d = target - output
    losses = np.maximum(q * d, (q - 1) * d)
    slopes = np.where(d > 0, -q, 1 - q)
    if reduction == 'none':
        return whole(losses, slopes * draw.around_zero(1, 4, 3).detach().numpy())
    count = 12 if reduction == 'mean' else 1
    return whole(losses.sum() / count, slopes / count)


def clips():
    cases = [('norm', 0.5), ('norm', 4), ('norm', 1000), ('value', 0.3), ('value', 2.5), ('value', 100)]
    cases += [('norm', limit, p) for p in (1, 3, 0.5, inf) for limit in (0.5, 1e6)]
    for seed, (kind, limit, *norm_type) in enumerate(cases, start=2100):
        draw = Generator(seed)
        parameters = [torch.zeros(shape, dtype=torch.float64) for shape in ((4, 3), (5,), ())]
        for parameter in parameters:
            parameter.grad = draw.around_zero(3, *parameter.shape).detach()
        norm = None
        if kind == 'norm':
            norm = torch.nn.utils.clip_grad_norm_(parameters, limit, *norm_type).item()
        else:
            torch.nn.utils.clip_grad_value_(parameters, limit)
        values = whole(*(parameter.grad for parameter in parameters))
        power = {'normType': None if norm_type[0] == inf else norm_type[0]} if norm_type else {}
        yield {'kind': kind, 'limit': limit, 'seed': seed, 'norm': norm} | power | {'values': values}


def norms():
    for seed, shape in enumerate([(4,), (3, 4), (2, 3, 4)], start=2400):
        draw = Generator(seed)
        x = draw.around_zero(2, 2, 3, 4)
        norm = torch.nn.LayerNorm(shape).double()
        for parameter in norm.parameters():
            parameter.data.copy_(draw.around_zero(1, *shape).detach())
        y = norm(x)
        gradients = torch.autograd.grad(y, [x, *norm.parameters()], draw.around_zero(1, *x.shape).detach())
        yield {'shape': shape, 'seed': seed, 'values': whole(y, *gradients)}


def convolutions():
    cases = [(kernel, dilation, bias) for kernel in (1, 2, 3) for dilation in (1, 2, 4) for bias in (True, False)]
    for seed, (kernel, dilation, bias) in enumerate(cases, start=2700):
        draw = Generator(seed)
        x = draw.around_zero(2, 5, 2, 3)
        conv = torch.nn.Conv1d(3, 4, kernel, dilation=dilation, bias=bias).double()
        for parameter in conv.parameters():
            parameter.data.copy_(draw.around_zero(1, *parameter.shape).detach())
        y = conv(F.pad(x.permute(1, 2, 0), ((kernel - 1) * dilation, 0))).permute(2, 0, 1)
        gradients = torch.autograd.grad(y, [x, *conv.parameters()], draw.around_zero(1, *y.shape).detach())
        sizes = {'kernelSize': kernel, 'dilation': dilation, 'bias': bias}
        yield sizes | {'seed': seed, 'values': whole(y, *gradients)}


def embeddings():
    for seed, padding in enumerate([None, 0, 3, -1], start=2500):
        draw = Generator(seed)
        embedding = torch.nn.Embedding(5, 3, padding_idx=padding, dtype=torch.float64)
        first = [] if padding is None else embedding.weight[padding].detach().clone()
        embedding.weight.data.copy_(draw.around_zero(1, 5, 3).detach())
        y = embedding(draw.targets(5, 7))
        (gradient,) = torch.autograd.grad(y, [embedding.weight], draw.around_zero(1, 7, 3).detach())
        yield {'paddingIndex': padding, 'seed': seed, 'values': whole(first, y, gradient)}


# PyTorch's options. The test maps them to ours.
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
    ('Adam', {'lr': 0.01, 'betas': [0.9, 0.7], 'amsgrad': True}),
    ('Adam', {'lr': 0.01, 'betas': [0.8, 0.9], 'eps': 1e-4, 'weight_decay': 0.1, 'amsgrad': True}),
    ('AdamW', {'lr': 0.02, 'betas': [0.7, 0.6], 'weight_decay': 0.2, 'amsgrad': True}),
]

# Two groups: [4, 3] with the optimizer's rate, [5] with another. After step 10 the rates change. After
# step 20 a new optimizer with the first rates loads the state. After step 35 the rates change again.
RESUMED = [
    ('SGD', {'lr': 0.1, 'momentum': 0.9}, 0.03),
    ('Adam', {'lr': 0.01, 'amsgrad': True}, 0.002),
    ('RMSprop', {'lr': 0.01, 'centered': True}, 0.04),
]


def resumed():
    for seed, (name, options, own) in enumerate(RESUMED, start=2600):
        draw = Generator(seed)
        parameters = [draw.around_zero(1, 4, 3), draw.around_zero(1, 5)]

        def make():
            groups = [{'params': [parameters[0]]}, {'params': [parameters[1]], 'lr': own}]
            return getattr(torch.optim, name)(groups, **options)

        optimizer = make()
        for step in range(1, 51):
            for parameter in parameters:
                parameter.grad = draw.around_zero(1, *parameter.shape).detach()
            optimizer.step()
            if step in (10, 35):
                for group in optimizer.param_groups:
                    group['lr'] *= 0.3
            if step == 20:
                state, optimizer = optimizer.state_dict(), make()
                optimizer.load_state_dict(state)
        rates = [group['lr'] for group in optimizer.param_groups]
        yield {'name': name, 'options': options, 'own': own, 'seed': seed, 'values': whole(rates, *parameters)}



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
    parts = {
        'losses': losses,
        'clips': clips,
        'norms': norms,
        'convolutions': convolutions,
        'embeddings': embeddings,
        'optimizers': optimizers,
        'resumed': resumed,
        'schedules': schedules,
        'models': models,
    }
    sizes = {'hidden': HIDDEN, 'steps': STEPS}
    return {'text': TEXT} | sizes | {name: list(part()) for name, part in parts.items()}
