"""The Python peers' counterpart of src/data.ts and src/contestant.ts."""

import json
import os
import sys
import time
import traceback

import numpy as np

VOCABULARY = 65
FIRST_CODE = 32
TEXT_LENGTH = 400_000
# Adagrad begins with steps of nearly lr for any gradient. At batch 1 a rounding error grows to 1e-3
# by the seventh loss.
CHECK_STEPS = 6
CHUNK = 0.05
# The number of gates in a cell's weights, H rows each. PyTorch's order: i, f, g, o and r, z, n.
GATES = {'rnn': 1, 'lstm': 4, 'gru': 3, 'lnlstm': 4}


def bits(seed, n):
    """n times 32 random bits: the finalizer of MurmurHash3 (Appleby, 2011) over a Weyl sequence."""
    mask = np.uint64(0xFFFFFFFF)
    i = np.arange(1, n + 1, dtype=np.uint64)
    h = (i * np.uint64(0x9E3779B9) + np.uint64(seed * 0x85EBCA6B & 0xFFFFFFFF)) & mask
    h = (h ^ (h >> np.uint64(16))) * np.uint64(0x85EBCA6B) & mask
    h = (h ^ (h >> np.uint64(13))) * np.uint64(0xC2B2AE35) & mask
    return h ^ (h >> np.uint64(16))


def uniform(seed, n):
    """n numbers, uniform over 0 <= x < 1 in steps of 2**-24."""
    return (bits(seed, n) >> np.uint64(8)).astype(np.float64) / 2**24


def spread(seed, shape, limit=1.0):
    """Numbers, uniform over plus or minus limit."""
    return ((2 * uniform(seed, int(np.prod(shape))) - 1) * limit).reshape(shape)


def integers(seed, n, below):
    """n integers from 0 to below - 1."""
    return (bits(seed, n) % np.uint64(below)).astype(np.int64)


def make_text():
    """The text as bytes: independent characters whose frequencies follow Zipf's law."""
    ends = np.cumsum([2**20 // rank for rank in range(1, VOCABULARY + 1)])
    at = (bits(1, TEXT_LENGTH) % np.uint64(ends[-1])).astype(np.int64)
    return (FIRST_CODE + np.searchsorted(ends, at, side='right')).astype(np.uint8)


class Windows:
    """Windows of the text in B streams, decoded from its bytes at every step."""

    def __init__(self, steps, batch):
        self.steps = steps
        length = TEXT_LENGTH // batch
        self.streams = make_text()[: length * batch].reshape(batch, length)
        self.index = np.arange(256) - FIRST_CODE
        self.position = 0

    def next(self):
        """Indices [T, B] of inputs and next characters, and whether the streams begin or restart."""
        if self.position + self.steps + 1 >= self.streams.shape[1]:
            self.position = 0
        at = self.position
        decoded = self.index[self.streams[:, at : at + self.steps + 1].T]
        self.position += self.steps
        return decoded[:-1], decoded[1:], at == 0


def first_weights(spec):
    """The first weights of all models. Matrices are [out, in], with a cell's gates stacked."""
    V, H, E = spec['V'], spec['H'], spec.get('E', 0)
    rows = GATES[spec.get('cell', 'rnn')] * H
    limit = 1 / np.sqrt(H)
    return {
        'table': spread(16, (V, E), limit) if E else None,
        'Wxh': spread(11, (rows, E or V), limit),
        'Whh': spread(12, (rows, H), limit),
        'bh': spread(13, (rows,), limit),
        'Why': spread(14, (V, H), limit),
        'by': spread(15, (V,), limit),
    }


def probe(values):
    """At most eight of an output's numbers, evenly spaced."""
    flat = np.asarray(values).reshape(-1)
    count = min(8, flat.size)
    return [float(flat[i * flat.size // count]) for i in range(count)]


class Absent(Exception):
    """Raised while preparing an unsupported case."""


class Work:
    """One case, prepared. `step()` does one iteration, `wait()` waits for pending work."""

    def __init__(self, step, check, wait=None, loss=None):
        self.step = step
        self.check = check
        self.wait = wait
        self.loss = loss
        self.chunk = 1

    def run(self, n):
        step = self.step
        for _ in range(n):
            step()
        if self.wait is not None:
            self.wait()


def training(step, loss, wait=None):
    """The work of a training loop: check returns the losses of the first steps."""

    def check():
        losses = []
        for _ in range(CHECK_STEPS):
            step()
            losses.append(loss())
        return losses

    return Work(step, check, wait, loss)


def one_thread():
    """Whether this process may use only one thread."""
    return os.environ.get('BENCH_THREADS') == '1'


def say(message):
    sys.stdout.write(json.dumps(message) + '\n')
    sys.stdout.flush()


def serve(versions, workshop):
    """Sends the first message, then answers until the input ends.

    `workshop` maps a kind of case to prepare(spec, variant).
    """
    say({'versions': {'python': sys.version.split()[0], **versions}})
    works, current = {}, None
    for line in sys.stdin:
        request = json.loads(line)
        spec, variant = request['case'], request['variant']
        if spec['id'] != current:
            works.clear()
        current = spec['id']
        try:
            if request['action'] == 'check':
                if spec['kind'] not in workshop:
                    raise Absent(f'it has no {spec["kind"]}')
                works[variant] = workshop[spec['kind']](spec, variant)
                say({'numbers': [float(value) for value in works[variant].check()]})
            else:
                say(measure(works[variant], request['seconds']))
        except Absent as absent:
            say({'absent': str(absent)})
        except Exception:
            say({'error': traceback.format_exc(limit=-3)})


def measure(work, wanted):
    cpu = time.process_time()
    start = now = time.perf_counter()
    iterations = 0
    while now - start < wanted:
        before = now
        work.run(work.chunk)
        iterations += work.chunk
        now = time.perf_counter()
        if now - before < min(CHUNK, wanted / 4) / 2:
            work.chunk *= 2
    result = {'iterations': iterations, 'seconds': now - start, 'cpu': time.process_time() - cpu}
    return result if work.loss is None else {**result, 'loss': float(work.loss())}
