"""PyTorch: nn.RNN, a cell of one's own in a Python loop, and the same compiled."""

import torch
import torch.nn.functional as F
import torch_ops
from common import Absent, Windows, Work, first_weights, one_thread, serve, training, uniform
from torch import nn

if one_thread():
    torch.set_num_threads(1)


def parameter(values):
    return nn.Parameter(torch.tensor(values, dtype=torch.float32))


class BuiltIn(nn.Module):
    """nn.RNN and a Linear. Its second bias is frozen at 0, so that all models have one."""

    def __init__(self, first, V, H, E):
        super().__init__()
        self.classes = V
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(first['table'], dtype=torch.float32), freeze=False) if E else None
        self.rnn = nn.RNN(E or V, H)
        self.decoder = nn.Linear(H, V)
        values = {'weight_ih_l0': 'Wxh', 'weight_hh_l0': 'Whh', 'bias_ih_l0': 'bh'}
        for name, key in values.items():
            setattr(self.rnn, name, parameter(first[key]))
        nn.init.zeros_(self.rnn.bias_hh_l0).requires_grad_(False)
        self.decoder.weight, self.decoder.bias = parameter(first['Why']), parameter(first['by'])

    def forward(self, x, h):
        inputs = self.embedding(x) if self.embedding is not None else F.one_hot(x, self.classes).float()
        outputs, h = self.rnn(inputs, h.unsqueeze(0))
        return self.decoder(outputs), h.squeeze(0)


class Cell(nn.Module):
    """A cell of one's own, step by step: h' = tanh(Wx[x] + h Wh' + b), the input's row looked up."""

    def __init__(self, first):
        super().__init__()
        self.wx, self.wh, self.b = parameter(first['Wxh'].T), parameter(first['Whh']), parameter(first['bh'])

    def forward(self, x, h):
        return torch.tanh(F.embedding(x, self.wx) + F.linear(h, self.wh, self.b))


class Loop(nn.Module):
    """The cell over time, and a Linear over all its outputs."""

    def __init__(self, first, V, H):
        super().__init__()
        self.cell = Cell(first)
        self.decoder = nn.Linear(H, V)
        self.decoder.weight, self.decoder.bias = parameter(first['Why']), parameter(first['by'])

    def forward(self, x, h):
        outputs = []
        for x_t in x.unbind(0):
            h = self.cell(x_t, h)
            outputs.append(h)
        return self.decoder(torch.stack(outputs)), h


@torch.no_grad()
def update(parameters, memories):
    """Clipping by value and Adagrad with epsilon inside the root, which torch.optim.Adagrad has outside; for all parameters at once."""
    grads = [parameter.grad for parameter in parameters]
    torch._foreach_clamp_min_(grads, -5)
    torch._foreach_clamp_max_(grads, 5)
    torch._foreach_addcmul_(memories, grads, grads)
    roots = torch._foreach_add(memories, 1e-8)
    torch._foreach_sqrt_(roots)
    torch._foreach_addcdiv_(parameters, grads, roots, -0.05)


def prepare_training(spec, variant):
    T, V, H, B, E = spec['T'], spec['V'], spec['H'], spec['B'], spec['E']
    first = first_weights(spec)
    model = BuiltIn(first, V, H, E) if variant.startswith('nn.RNN') else Loop(first, V, H)

    def loss_and_state(x, y, h):
        logits, h = model(x, h)
        return F.cross_entropy(logits.view(-1, V), y.view(-1)), h

    if 'compiled' in variant:
        torch._dynamo.reset()
        compute = torch.compile(loss_and_state, fullgraph=True, dynamic=False)
    else:
        compute = loss_and_state
    parameters = [each for each in model.parameters() if each.requires_grad]
    memories = [torch.zeros_like(each) for each in parameters]
    windows = Windows(T, B)
    state = {'h': torch.zeros(B, H), 'loss': 0.0}

    def step():
        inputs, targets, restarted = windows.next()
        h = torch.zeros(B, H) if restarted else state['h']
        for each in parameters:
            each.grad = None
        loss, h = compute(torch.from_numpy(inputs), torch.from_numpy(targets).contiguous(), h)
        loss.backward()
        update(parameters, memories)
        state['h'], state['loss'] = h.detach(), loss.item()

    return training(step, lambda: state['loss'])


def prepare_sampling(spec, variant):
    first = {name: None if value is None else torch.tensor(value, dtype=torch.float32) for name, value in first_weights(spec).items()}
    rows = first['Wxh'].T.contiguous()
    Whh, bh, Why, by = (first[name] for name in ('Whh', 'bh', 'Why', 'by'))
    luck = uniform(2, spec['length'])
    state = {'h': torch.zeros(spec['H']), 'character': 0}

    def draw(u):
        h = state['h'] = torch.tanh(torch.addmv(rows[state['character']] + bh, Whh, state['h']))
        p = torch.softmax(torch.addmv(by, Why, h), 0)
        character = state['character'] = min(int(torch.searchsorted(p.cumsum(0), u, right=True)), spec['V'] - 1)
        return p[character]

    @torch.inference_mode()
    def all_of_them():
        return [draw(float(u)) for u in luck]

    return Work(all_of_them, all_of_them)


def unless_missing(prepare):
    """torch.compile needs a C++ compiler; where it fails, the row is absent with the reason."""

    def prepared(spec, variant):
        if 'compiled' not in variant:
            return prepare(spec, variant)
        work = prepare(spec, variant)
        check = work.check

        def guarded():
            try:
                return check()
            except Exception as error:
                raise Absent(f'torch.compile failed: {str(error).strip().splitlines()[0]}') from error

        work.check = guarded
        return work

    return prepared


serve(
    {'torch': torch.__version__, 'threads': str(torch.get_num_threads())},
    {
        'train': unless_missing(prepare_training),
        'sample': prepare_sampling,
        'matmul': torch_ops.prepare_matmul,
        'elementwise': torch_ops.prepare_elementwise,
        'cross-entropy': torch_ops.prepare_cross_entropy,
        'gather': torch_ops.prepare_gather,
        'scatter': torch_ops.prepare_scatter,
        'small-op': torch_ops.prepare_small_op,
    },
)
