"""The PyTorch side of torch-round-trip.mjs.

It loads weights by load_state_dict (strict) and compares outputs, then saves other weights.

    python torch_round_trip.py FOLDER
    (PyTorch and safetensors; FOLDER contains models.json and the files that it lists)
"""

import json
import sys
from pathlib import Path

import safetensors
import torch
from safetensors.torch import load_file, save_file
from torch import nn


class Tagger(nn.Module):
    """Characters to logits, like the model of the same name on the other side."""

    def __init__(self, options):
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.encoder = nn.LSTM(3, 4, **options)
        self.norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 7)

    def forward(self, x):
        outputs, state = self.encoder(self.embedding(x.long()))
        return self.head(self.norm(outputs)), state


def module(model):
    if model['kind'] == 'Tagger':
        return Tagger(model['options'])
    return getattr(nn, model['kind'])(3, 5, **model['options'])


def results(net, x):
    outputs, state = net(x)
    return [outputs, *(state if isinstance(state, tuple) else (state,))]


def main():
    folder = Path(sys.argv[1])
    torch.manual_seed(1)
    print(f'PyTorch {torch.__version__}, safetensors {safetensors.__version__}')
    for model in json.loads((folder / 'models.json').read_text()):
        name, dtype = model['name'], getattr(torch, model['dtype'])
        net = module(model).to(dtype)
        net.load_state_dict(load_file(folder / f'{name}.safetensors'))
        data = load_file(folder / f'{name}.data.safetensors')
        with torch.no_grad():
            pairs = list(zip(results(net, data['x']), (data[f'result{i}'] for i in range(len(data) - 1)), strict=True))
            error = max((ours - theirs).abs().max().item() for ours, theirs in pairs)
            for parameter in net.parameters():
                parameter.copy_(torch.empty_like(parameter).uniform_(-0.5, 0.5))
            again = results(net, data['x'])
        save_file(net.state_dict(), folder / f'{name}.back.safetensors', {'format': 'pt'})
        named = {f'result{i}': each.contiguous() for i, each in enumerate(again)}
        save_file(named, folder / f'{name}.back.data.safetensors')
        (folder / f'{name}.error').write_text(repr(error))


if __name__ == '__main__':
    main()
