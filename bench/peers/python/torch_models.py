"""PyTorch's models: nn.RNN, nn.LSTM and nn.GRU, and custom cells in a Python loop.

Their state is a tuple of tensors.
"""

import numpy as np
import torch
import torch.nn.functional as F
from common import GATES
from torch import nn


def parameter(values):
    return nn.Parameter(torch.tensor(np.ascontiguousarray(values), dtype=torch.float32))


def decoder(first, V, H):
    linear = nn.Linear(H, V)
    linear.weight, linear.bias = parameter(first['Why']), parameter(first['by'])
    return linear


class BuiltIn(nn.Module):
    """A recurrent layer of PyTorch and a Linear.

    Its second bias is frozen at 0, so that all models have one bias.
    """

    def __init__(self, first, spec):
        super().__init__()
        V, H, E, cell = spec['V'], spec['H'], spec['E'], spec['cell']
        self.classes, self.states = V, 2 if cell == 'lstm' else 1
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(first['table'], dtype=torch.float32), freeze=False) if E else None
        self.rnn = {'rnn': nn.RNN, 'lstm': nn.LSTM, 'gru': nn.GRU}[cell](E or V, H)
        values = {'weight_ih_l0': 'Wxh', 'weight_hh_l0': 'Whh', 'bias_ih_l0': 'bh'}
        for name, key in values.items():
            setattr(self.rnn, name, parameter(first[key]))
        nn.init.zeros_(self.rnn.bias_hh_l0).requires_grad_(False)
        self.decoder = decoder(first, V, H)

    def initial(self, batch):
        return tuple(torch.zeros(1, batch, self.rnn.hidden_size) for _ in range(self.states))

    def forward(self, x, state):
        inputs = self.embedding(x) if self.embedding is not None else F.one_hot(x, self.classes).float()
        outputs, after = self.rnn(inputs, state if self.states == 2 else state[0])
        return self.decoder(outputs), after if self.states == 2 else (after,)


class Cell(nn.Module):
    """A custom cell: h' = tanh(Wx[x] + h Wh' + b), with a look-up of the input's row."""

    states = 1

    def __init__(self, first, H):
        super().__init__()
        self.wx, self.wh, self.b = parameter(first['Wxh'].T), parameter(first['Whh']), parameter(first['bh'])

    def project(self, x):
        return F.embedding(x, self.wx)

    def forward(self, projected, state):
        return (torch.tanh(projected + F.linear(state[0], self.wh, self.b)),)


class LayerNormCell(nn.Module):
    """A custom layer-norm LSTM. The only biases are those of the norms. Ba, Kiros and Hinton, 2016.

    i, f, g, o are parts of LN(Wx[x]) + LN(h Wh'), c' = s(f) c + s(i) tanh(g),
    h' = s(o) tanh(LN(c')).
    """

    states = 2

    def __init__(self, first, H):
        super().__init__()
        rows = GATES['lnlstm'] * H
        self.wx, self.wh = parameter(first['Wxh'].T), parameter(first['Whh'])
        self.norm_x, self.norm_h, self.norm_c = nn.LayerNorm(rows), nn.LayerNorm(rows), nn.LayerNorm(H)

    def project(self, x):
        return self.norm_x(F.embedding(x, self.wx))

    def forward(self, projected, state):
        h, c = state
        i, f, g, o = (projected + self.norm_h(F.linear(h, self.wh))).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.norm_c(c)), c


class Loop(nn.Module):
    """A custom cell over time, with inputs projected for all steps at once, and a Linear."""

    def __init__(self, first, spec):
        super().__init__()
        V, self.size = spec['V'], spec['H']
        self.cell = {'rnn': Cell, 'lnlstm': LayerNormCell}[spec['cell']](first, self.size)
        self.decoder = decoder(first, V, self.size)

    def initial(self, batch):
        return tuple(torch.zeros(batch, self.size) for _ in range(self.cell.states))

    def forward(self, x, state):
        outputs = []
        for projected in self.cell.project(x).unbind(0):
            state = self.cell(projected, state)
            outputs.append(state[0])
        return self.decoder(torch.stack(outputs)), state
