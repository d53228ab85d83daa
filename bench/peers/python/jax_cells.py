"""JAX's cells: each has an initial state, and a step from the projected inputs."""

import jax
import jax.numpy as jnp


def zero(B, H):
    return jnp.zeros((B, H))


def rnn(projected, Whh, h):
    h = jnp.tanh(projected + h @ Whh.T)
    return h, h


def lstm(projected, Whh, state):
    h, c = state
    i, f, g, o = jnp.split(projected + h @ Whh.T, 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return h, (h, c)


def gru(projected, Whh, h):
    """The reset gate is applied after the recurrent product, like in PyTorch."""
    xr, xz, xn = jnp.split(projected, 3, axis=-1)
    hr, hz, hn = jnp.split(h @ Whh.T, 3, axis=-1)
    n = jnp.tanh(xn + jax.nn.sigmoid(xr + hr) * hn)
    z = jax.nn.sigmoid(xz + hz)
    h = n + z * (h - n)
    return h, h


CELLS = {'rnn': (zero, rnn), 'lstm': (lambda B, H: (zero(B, H), zero(B, H)), lstm), 'gru': (zero, gru)}
