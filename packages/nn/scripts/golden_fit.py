"""What packages/nn/src/training and its schedules do, for golden_torch.py.

golden_torch.py describes the draws and the format.

cycles: the factor of the learning rate of OneCycleLR at steps 0 to 49, for 50 steps in all.

plateaus: two groups with the rates 1 and 0.25. Measures are 40 draws u, times 1 - step / 50.
Results are the rates after each measure.

averages: parameters [4, 3] and [5] of scale 1. After each of 12 steps the average (AveragedModel
with get_ema_multi_avg_fn) is updated. A step adds numbers of scale 0.5 to the parameters. Results
are the averages after steps 1, 2 and 12.
"""

import torch
from torch.optim import lr_scheduler as schedulers
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from golden_draw import Generator, whole

# PyTorch's options, which the test maps to ours.
CYCLES = [
    {},
    {'pct_start': 0.5, 'div_factor': 10, 'final_div_factor': 100},
    {'anneal_strategy': 'linear'},
    {'three_phase': True},
    {'three_phase': True, 'pct_start': 0.4, 'anneal_strategy': 'linear', 'final_div_factor': 10},
]

PLATEAUS = [
    {'patience': 1},
    {'factor': 0.5, 'patience': 0, 'threshold': 0.1, 'cooldown': 2},
    {'mode': 'max', 'factor': 0.3, 'patience': 2, 'threshold_mode': 'abs', 'threshold': 0.05},
    {'mode': 'max', 'factor': 0.9, 'patience': 1, 'min_lr': 0.3, 'threshold': 0.2},
    {'factor': 0.5, 'patience': 0, 'eps': 0.05, 'threshold_mode': 'abs', 'threshold': 0.3},
]

DECAYS = [0.999, 0.9, 0.4, 0.0]
STEPS = 50


def optimizer(*rates):
    groups = [{'params': [torch.zeros(1, dtype=torch.float64)], 'lr': rate} for rate in rates]
    return torch.optim.SGD(groups, lr=rates[0])


def cycles():
    for options in CYCLES:
        sgd = optimizer(1.0)
        schedule = schedulers.OneCycleLR(sgd, 1.0, total_steps=STEPS, cycle_momentum=False, **options)
        factors = []
        for step in range(STEPS):
            factors.append(sgd.param_groups[0]['lr'])
            sgd.step()
            if step + 1 < STEPS:
                schedule.step()
        yield {'options': options, 'values': whole(factors)}


def plateaus():
    for seed, options in enumerate(PLATEAUS, start=2700):
        draw, sgd = Generator(seed), optimizer(1.0, 0.25)
        plateau = schedulers.ReduceLROnPlateau(sgd, **options)
        rates = []
        for step in range(40):
            plateau.step(float(draw.uniform()) * (1 - step / 50))
            rates.extend(group['lr'] for group in sgd.param_groups)
        yield {'options': options, 'seed': seed, 'values': whole(rates)}


class Pair(torch.nn.Module):
    def __init__(self, draw):
        super().__init__()
        parts = [draw.around_zero(1, 4, 3), draw.around_zero(1, 5)]
        self.parts = torch.nn.ParameterList(part.detach() for part in parts)


def averages():
    for seed, decay in enumerate(DECAYS, start=2800):
        draw = Generator(seed)
        model = Pair(draw)
        average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
        kept = []
        for step in range(1, 13):
            for part in model.parts:
                part.data.add_(draw.around_zero(0.5, *part.shape).detach())
            average.update_parameters(model)
            if step in (1, 2, 12):
                kept.extend(part.detach().clone() for part in average.module.parts)
        yield {'decay': decay, 'seed': seed, 'values': whole(*kept)}


def fit():
    return {'cycles': list(cycles()), 'plateaus': list(plateaus()), 'averages': list(averages())}
