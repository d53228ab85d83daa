"""CTC and attention for golden_torch.py, which describes the draws and the format.

ctc: logits [T, B, V] of scale 4, then labels [B, L] = floor(u(V - 1)), where those from `blank` on are
one higher. With `lengths` there are the input and target lengths. Results are the loss and the
gradient of the logits, which includes log_softmax. With reduction none, the cotangent of the losses,
scale 1, is drawn last.

attention: query [2, Q, D], keys [2, K, D] and values [2, K, M] of scale 2. `lengths` are the real keys of
each sequence. Results are the output and the gradients of query, keys and values for a cotangent of
scale 1.

decoders: the encoder's outputs [K, 2, M] and a query [2, D] of scale 2, then the weights of scale 1:
W_k [A, M], b [A], W_q [A, D] and v [1, A] for additive attention, W_k [D, M] for dot products. Results are
the context and the gradients of all of them, the encoder's outputs first, for a cotangent of scale 1.
"""

from itertools import product

import torch
from torch.nn import functional as F

from golden_draw import Generator, checks

CTC = [
    {'T': T, 'B': 3, 'V': V, 'L': L, 'blank': blank, 'reduction': reduction, 'lengths': lengths}
    for n, (T, (V, L), reduction, padded) in enumerate(
        product((6, 9, 20), ((2, 2), (3, 0), (3, 2), (5, 1), (5, 3), (40, 3)), ('mean', 'sum', 'none'), (0, 1))
    )
    for blank in [n % V]
    for lengths in [[[T, T - 1, max(2 * L, 1)], [L, max(L - 1, 0), L]] if padded else None]
]
ATTENTION = [
    {'Q': Q, 'K': K, 'D': D, 'M': M, 'causal': causal, 'lengths': lengths, 'scale': scale}
    for Q, K, D, M in ((1, 1, 1, 1), (3, 3, 4, 2), (5, 5, 2, 6), (4, 4, 33, 9))
    for causal in (False, True)
    for lengths in (None, [K, max(K - 2, 1)])
    for scale in (None, 0.3)
]
DECODERS = [
    {'kind': kind, 'K': K, 'D': D, 'M': M, 'A': A, 'lengths': lengths}
    for kind in ('additive', 'dot')
    for K, D, M, A in ((2, 2, 3, 4), (5, 3, 2, 6), (7, 4, 9, 5))
    for lengths in (None, [K, max(K - 3, 1)])
]


def ctc(case, seed):
    T, B, V, L, blank = (case[name] for name in 'T B V L blank'.split())
    draw = Generator(seed)
    logits = draw.around_zero(4, T, B, V)
    labels = draw.targets(V - 1, B, L)
    labels = labels + (labels >= blank).long()
    inputs, targets = case['lengths'] or [[T] * B, [L] * B]
    lengths = torch.tensor(inputs), torch.tensor(targets)
    losses = F.ctc_loss(logits.log_softmax(-1), labels, *lengths, blank=blank, reduction=case['reduction'])
    scalar = losses
    if case['reduction'] == 'none':
        scalar = (losses * draw.around_zero(1, B).detach()).sum()
    return checks(losses, *torch.autograd.grad(scalar, [logits]))


def keys_used(lengths, K):
    return None if lengths is None else torch.arange(K) < torch.tensor(lengths)[:, None]


def result(draw, output, inputs):
    cotangent = draw.around_zero(1, *output.shape).detach()
    return checks(output, *torch.autograd.grad((output * cotangent).sum(), inputs))


def attention(case, seed):
    Q, K, D, M = (case[name] for name in 'QKDM')
    draw = Generator(seed)
    inputs = [draw.around_zero(2, 2, Q, D), draw.around_zero(2, 2, K, D), draw.around_zero(2, 2, K, M)]
    used = keys_used(case['lengths'], K)
    mask = torch.ones(2, Q, K, dtype=torch.bool) if used is None else used[:, None].expand(2, Q, K)
    if case['causal']:
        mask = mask & torch.ones(Q, K, dtype=torch.bool).tril()
    return result(draw, F.scaled_dot_product_attention(*inputs, attn_mask=mask, scale=case['scale']), inputs)


def decoder(case, seed):
    K, D, M, A = (case[name] for name in 'KDMA')
    draw = Generator(seed)
    encoded, query = draw.around_zero(2, K, 2, M), draw.around_zero(2, 2, D)
    memory = encoded.transpose(0, 1)
    used = keys_used(case['lengths'], K)
    if case['kind'] == 'additive':
        shapes = ((A, M), (A,), (A, D), (1, A))
        weights = wk, b, wq, v = [draw.around_zero(1, *shape) for shape in shapes]
        scores = F.linear(torch.tanh(F.linear(memory, wk, b) + F.linear(query, wq)[:, None]), v)[..., 0]
        scores = scores if used is None else scores.masked_fill(~used, -torch.inf)
        context = (scores.softmax(-1)[..., None] * memory).sum(1)
    else:
        weights = [draw.around_zero(1, D, M)]
        mask = None if used is None else used[:, None]
        keys = F.linear(memory, weights[0])
        context = F.scaled_dot_product_attention(query[:, None], keys, memory, attn_mask=mask)[:, 0]
    return result(draw, context, [encoded, query, *weights])


def sequence():
    parts = {'ctc': (CTC, ctc), 'attention': (ATTENTION, attention), 'decoders': (DECODERS, decoder)}
    seeds = iter(range(9000, 10000))
    made = {name: [(case, run, next(seeds)) for case in cases] for name, (cases, run) in parts.items()}
    return {
        name: [case | {'seed': seed, 'values': run(case, seed)} for case, run, seed in cases]
        for name, cases in made.items()
    }
