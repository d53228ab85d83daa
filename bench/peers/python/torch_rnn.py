"""PyTorch: its recurrent layers, custom cells in a Python loop, and the same compiled."""

import torch
import torch.nn.functional as F
import torch_ops
from common import Absent, Windows, Work, first_weights, one_thread, serve, training, uniform
from torch_models import BuiltIn, Loop

if one_thread():
    torch.set_num_threads(1)


@torch.no_grad()
def update(parameters, memories):
    """Clipping by value and Adagrad, for all parameters at once.

    Epsilon is inside the root. torch.optim.Adagrad has it outside.
    """
    grads = [parameter.grad for parameter in parameters]
    torch._foreach_clamp_min_(grads, -5)
    torch._foreach_clamp_max_(grads, 5)
    torch._foreach_addcmul_(memories, grads, grads)
    roots = torch._foreach_add(memories, 1e-8)
    torch._foreach_sqrt_(roots)
    torch._foreach_addcdiv_(parameters, grads, roots, -0.05)


def prepare_training(spec, variant):
    T, V, B = spec['T'], spec['V'], spec['B']
    model = (BuiltIn if variant.startswith('nn.') else Loop)(first_weights(spec), spec)

    def loss_and_state(x, y, before):
        logits, after = model(x, before)
        return F.cross_entropy(logits.view(-1, V), y.view(-1)), after

    if 'compiled' in variant:
        torch._dynamo.reset()
        compute = torch.compile(loss_and_state, fullgraph=True, dynamic=False)
    else:
        compute = loss_and_state
    parameters = [each for each in model.parameters() if each.requires_grad]
    memories = [torch.zeros_like(each) for each in parameters]
    windows = Windows(T, B)
    now = {'state': None, 'loss': 0.0}

    def step():
        inputs, targets, restarted = windows.next()
        state = model.initial(B) if restarted else now['state']
        for each in parameters:
            each.grad = None
        loss, state = compute(torch.from_numpy(inputs), torch.from_numpy(targets).contiguous(), state)
        loss.backward()
        update(parameters, memories)
        now['state'], now['loss'] = tuple(each.detach() for each in state), loss.item()

    return training(step, lambda: now['loss'])


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
    """torch.compile needs a C++ compiler. If it fails, the row is absent with the reason."""

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
