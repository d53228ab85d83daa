"""The draws of golden_torch.py, and its format of large arrays. golden_torch.py describes both."""

from base64 import b64encode
from math import fsum

import numpy as np
import torch

PROJECTIONS, MOST_WHOLE = 6, 8


class Generator:
    """mulberry32. Its state is a counter, so a whole array is drawn at once."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self, *shape):
        n = int(np.prod(shape))
        z = ((self.state + np.arange(1, n + 1, dtype=np.uint64) * 0x6D2B79F5) & 0xFFFFFFFF).astype(np.uint32)
        self.state = (self.state + n * 0x6D2B79F5) & 0xFFFFFFFF
        z = (z ^ (z >> 15)) * (z | 1)
        z ^= z + (z ^ (z >> 7)) * (z | 61)
        return ((z ^ (z >> 14)) / 2.0**32).reshape(shape)

    def around_zero(self, scale, *shape):
        """Uniform between -scale and scale, as a leaf that requires gradients."""
        return torch.tensor((2 * self.uniform(*shape) - 1) * scale, requires_grad=True)

    def targets(self, classes, *shape):
        return torch.from_numpy((self.uniform(*shape) * classes).astype(np.int64))


def spread(size, seeds=[np.zeros((PROJECTIONS, 0))]):
    """Rows of 2u - 1, one per projection. Row k is drawn from seed k + 1."""
    if seeds[0].shape[1] < size:
        seeds[0] = np.array([2 * Generator(k + 1).uniform(2 * size) - 1 for k in range(PROJECTIONS)])
    return seeds[0][:, :size]


def whole(*arrays):
    """All elements, as base64 of little-endian float64."""
    flat = [np.asarray(a.detach() if isinstance(a, torch.Tensor) else a, dtype='<f8').ravel() for a in arrays]
    return b64encode(np.concatenate(flat).tobytes()).decode()


def checks(*arrays):
    """Small arrays whole; six projections and both end elements of large ones; as base64."""
    numbers = []
    for array in arrays:
        flat = array.detach().contiguous().numpy().ravel()
        if len(flat) <= MOST_WHOLE:
            numbers.extend(flat)
        else:
            numbers.extend(fsum(flat * row) for row in spread(len(flat)))
            numbers.extend((flat[0], flat[-1]))
    return whole(np.array(numbers))
