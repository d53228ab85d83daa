"""Import to the first gradient, of sum(tanh(x w)): prints {"seconds": …}. Usage: startup.py torch|jax"""

import json
import sys
import time

start = time.perf_counter()
values = [[(4 * i + j) / 16 for j in range(4)] for i in range(4)]
if sys.argv[1] == 'torch':
    import torch

    x = torch.tensor(values, requires_grad=True)
    torch.tanh(x @ torch.tensor(values)).sum().backward()
    x.grad.tolist()
else:
    import jax
    import jax.numpy as jnp

    w = jnp.array(values)
    jax.grad(lambda x: jnp.tanh(x @ w).sum())(w).tolist()
print(json.dumps({'seconds': time.perf_counter() - start}))
