"""JAX on the CPU: the whole training step under jit with lax.scan, and single ops under jit."""

import os

from common import Windows, Work, first_weights, integers, one_thread, probe, serve, spread, training, uniform

if one_thread():
    # XLA sizes its pool by the processors it may use; no flag reaches all of its threads.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ['JAX_PLATFORMS'] = 'cpu'

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax import lax  # noqa: E402
from jax_cells import CELLS  # noqa: E402


def array(values):
    return jnp.asarray(values, dtype=jnp.float32)


def prepare_training(spec, variant):
    """All inputs are projected before the scan, and all logits are computed after it.

    Parameters, accumulators and state are donated.
    """
    T, V, H, B = spec['T'], spec['V'], spec['H'], spec['B']
    initial, advance = CELLS[spec['cell']]
    one_hot = variant.endswith('one-hot')
    embedded = spec['E'] > 0
    first = {name: array(value) for name, value in first_weights(spec).items() if value is not None}
    if not one_hot and not embedded:
        first['Wxh'] = first['Wxh'].T.copy()

    def project(p, x):
        if embedded:
            return p['table'][x] @ p['Wxh'].T
        return jax.nn.one_hot(x, V) @ p['Wxh'].T if one_hot else p['Wxh'][x]

    def loss_and_state(p, x, y, before):
        def over_time(state, projected):
            output, state = advance(projected, p['Whh'], state)
            return state, output

        after, outputs = lax.scan(over_time, before, project(p, x) + p['bh'])
        logits = outputs @ p['Why'].T + p['by']
        log_p = jax.nn.log_softmax(logits)
        return -jnp.take_along_axis(log_p, y[..., None], axis=-1).mean(), after

    def step(p, s, state, x, y):
        (loss, state), g = jax.value_and_grad(loss_and_state, has_aux=True)(p, x, y, state)
        g = jax.tree.map(lambda g: jnp.clip(g, -5, 5), g)
        s = jax.tree.map(lambda s, g: s + g * g, s, g)
        p = jax.tree.map(lambda p, g, s: p - 0.05 * g / jnp.sqrt(s + 1e-8), p, g, s)
        return p, s, state, loss

    compiled = jax.jit(step, donate_argnums=(0, 1, 2))
    windows = Windows(T, B)
    now = {'p': first, 's': jax.tree.map(jnp.zeros_like, first), 'state': None, 'loss': None}

    def once():
        inputs, targets, restarted = windows.next()
        state = initial(B, H) if restarted else now['state']
        x, y = inputs.astype('int32'), targets.astype('int32')
        now['p'], now['s'], now['state'], now['loss'] = compiled(now['p'], now['s'], state, x, y)

    return training(once, lambda: float(now['loss']), lambda: now['loss'].block_until_ready())


def prepare_sampling(spec, variant):
    """All characters of a call in one scan, drawing included."""
    p = {name: array(value) for name, value in first_weights(spec).items() if value is not None}
    p['Wxh'] = p['Wxh'].T.copy()
    luck = array(uniform(2, spec['length']))

    def sample(p, h, character):
        def advance(carry, u):
            h, character = carry
            h = jnp.tanh(p['Wxh'][character] + p['bh'] + p['Whh'] @ h)
            q = jax.nn.softmax(p['Why'] @ h + p['by'])
            character = jnp.minimum(jnp.searchsorted(jnp.cumsum(q), u, side='right'), spec['V'] - 1)
            return (h, character), q[character]

        return lax.scan(advance, (h, character), luck)

    compiled = jax.jit(sample)
    state = {'carry': (jnp.zeros(spec['H']), jnp.int32(0))}

    def step():
        state['carry'], probabilities = compiled(p, *state['carry'])
        return probabilities

    return Work(step, lambda: list(step()), lambda: state['carry'][0].block_until_ready())


def op(function, *arguments):
    compiled = jax.jit(function)
    last = {}

    def step():
        last['y'] = compiled(*arguments)

    def check():
        step()
        return probe(last['y'])

    return Work(step, check, lambda: last['y'].block_until_ready())


def tensor(seed, *shape):
    return array(spread(seed, shape))


def prepare_matmul(spec, variant):
    return op(lambda a, b: a @ b, tensor(21, spec['m'], spec['k']), tensor(22, spec['k'], spec['n']))


def prepare_elementwise(spec, variant):
    x, y = tensor(23, spec['n']), tensor(24, spec['n'])
    return op(jnp.add, x, y) if spec['op'] == 'add' else op({'tanh': jnp.tanh, 'exp': jnp.exp}[spec['op']], x)


def prepare_cross_entropy(spec, variant):
    targets = jnp.asarray(integers(26, spec['rows'], spec['V']), dtype=jnp.int32)

    def loss(logits):
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), targets[:, None], axis=-1).mean()

    return op(lambda logits: jax.value_and_grad(loss)(logits)[1], tensor(25, spec['rows'], spec['V']))


def prepare_gather(spec, variant):
    indices = jnp.asarray(integers(28, spec['rows'], spec['V']), dtype=jnp.int32)
    return op(lambda table, i: table[i], tensor(27, spec['V'], spec['E']), indices)


def prepare_scatter(spec, variant):
    indices = jnp.asarray(integers(28, spec['rows'], spec['V']), dtype=jnp.int32)
    return op(lambda g, i: jnp.zeros((spec['V'], spec['E'])).at[i].add(g), tensor(29, spec['rows'], spec['E']), indices)


def prepare_small_op(spec, variant):
    """Op by op: the cost of a call. Under jit the chain would be one loop."""
    x, b = tensor(30, 4), tensor(31, 4)

    def chain(y):
        for _ in range(spec['chain']):
            y = y + b
        return y

    compute = jax.grad(lambda x: (chain(x) * b).sum()) if spec['taped'] else chain
    return Work(lambda: compute(x).block_until_ready(), lambda: probe(compute(x)))


serve(
    {'jax': jax.__version__, 'jaxlib': jax.lib.__version__},
    {
        'train': prepare_training,
        'sample': prepare_sampling,
        'matmul': prepare_matmul,
        'elementwise': prepare_elementwise,
        'cross-entropy': prepare_cross_entropy,
        'gather': prepare_gather,
        'scatter': prepare_scatter,
        'small-op': prepare_small_op,
    },
)
