"""Writes test/kernels/fixtures/math64.json: float64 functions at chosen points (needs mpmath).

Results are exact to 60 digits and more. A row is [argument(s) as hex bits, nearest double as hex
bits, the exact value's distance from it in units of its last place].

    python packages/tensor/scripts/math-fixture.py
"""

import json
import math
import pathlib
import random
import struct

from mpmath import cos, erf, exp, expm1, floor, log, mp, mpf, pi, sin, tanh

mp.prec = 1400  # enough for 1 + x at any double x

POINTS = 200
rng = random.Random(1)


def bits(x):
    return struct.pack('>d', x).hex()


def nearest(exact):
    """The double nearest to an exact value, ties to even, and the remainder in ulp."""
    if exact == 0:
        return 0.0, 0.0
    exponent = int(floor(log(abs(exact), 2)))
    if abs(exact) >= mpf(2) ** (exponent + 1):
        exponent += 1
    unit = mpf(2) ** max(exponent - 52, -1074)
    steps = exact / unit
    whole = int(floor(steps))
    rest = steps - whole
    if rest > 0.5 or (rest == 0.5 and whole % 2 == 1):
        whole += 1
    value = whole * unit
    if abs(value) >= mpf(2) ** 1024:
        return math.copysign(math.inf, whole), 0.0
    result = float(value)
    assert mpf(result) == value
    return result, round(float(steps - whole), 5) + 0.0


def bounded(x):
    """An exponent in mpmath's range. Beyond it exp overflows or underflows anyway."""
    return max(min(x, mpf(10000)), mpf(-10000))


def uniform(low, high):
    """Uniform over all 53 bits, unlike the generator's multiples of 2⁻⁵³."""
    return rng.uniform(low, high) * (1 - rng.random() * 2.0**-40)


def sign():
    return rng.choice([-1.0, 1.0])


def magnitude(low, high):
    return 10.0 ** uniform(low, high)


def around(x, count=3):
    """x and the adjacent doubles."""
    points = [x]
    up = down = x
    for _ in range(count):
        up = math.nextafter(up, math.inf)
        down = math.nextafter(down, -math.inf)
        points += [up, down]
    return points


LN2 = math.log(2)
REDUCTION = [p for k in (-2, -1, 1, 2, 3) for p in around((k - 0.5) * LN2, 1)]
TINY = [5e-324, 2.0**-1022, 2.0**-600, 2.0**-54, 2.0**-53, 1e-16, 1e-10]
BOTH_TINY = [s * x for x in TINY for s in (1, -1)]
MOST = 1.7976931348623157e308

functions = {
    'exp64': (
        lambda x: exp(bounded(x)),
        BOTH_TINY + REDUCTION + around(709.782712893384) + around(-745.1332191019411) + around(-708.3964185322641)
        + [1.0, -1.0, MOST, -MOST],
        lambda: sign() * rng.choice([uniform(0, 1), uniform(0, 40), uniform(0, 745)]),
    ),
    'expm1_64': (
        lambda x: expm1(bounded(x)),
        BOTH_TINY + REDUCTION + around(709.782712893384) + around(37.4) + around(-37.4) + [1.0, -1.0, MOST, -MOST],
        lambda: sign() * rng.choice([uniform(0, 1), magnitude(-18, 0), uniform(0, 40), uniform(0, 709)]),
    ),
    'log64': (
        log,
        TINY + around(1.0) + around(math.sqrt(0.5)) + around(math.sqrt(2)) + [0.5, 2.0, 10.0, math.e, MOST],
        lambda: rng.choice([uniform(0.3, 3), 1 + sign() * magnitude(-16, -0.5), magnitude(-323, 308)]),
    ),
    'log1p64': (
        lambda x: log(1 + x),
        BOTH_TINY + around(math.sqrt(2) - 1) + around(-0.2928932188134524) + [-1 + 2.0**-53, 1.0, 2.0**53, MOST],
        lambda: rng.choice([uniform(-1, 3), sign() * magnitude(-18, -0.5), magnitude(0, 20), magnitude(0, 308)]),
    ),
    'tanh64': (
        lambda x: tanh(bounded(x)),
        BOTH_TINY + around(0.625) + around(-0.625) + around(19.06154746539849) + [20.0, 22.0, -MOST, MOST],
        lambda: sign() * rng.choice([uniform(0, 0.7), uniform(0, 3), magnitude(-18, 0), uniform(0, 22)]),
    ),
    'sigmoid64': (
        lambda x: 1 / (1 + exp(-x)),
        BOTH_TINY + REDUCTION + around(36.7368005696771) + around(-745.1332191019411) + around(-708.3964185322641),
        lambda: sign() * rng.choice([uniform(0, 1), uniform(0, 40), uniform(0, 745)]),
    ),
    'cosTurn': (
        # Quarter turns are exact; mpmath's own π is not.
        lambda u: {0.25: mpf(0), 0.75: mpf(0)}.get(float(u), cos(2 * pi * u)),
        [0.0, 1.0, 0.5, 2.0**-53, 1 - 2.0**-53] + [p for k in range(1, 8) for p in around(k / 8)],
        lambda: rng.choice([uniform(0, 1), uniform(0, 1), rng.choice([0.25, 0.75]) + sign() * magnitude(-17, -1)]),
    ),
}


def power_points():
    yield from ((x, y) for x in (2.0, 3.0, 10.0, 0.1, 1.1, 7.0) for y in (-3.0, -1.0, 0.5, 1.0, 2.0, 3.0, 10.0, 22.0))
    yield from ((2.0, y) for y in (-1074.0, -1073.5, -1075.1, -1022.0, 1023.0, 1023.9999999999999, 1024.0))
    yield from ((math.nextafter(1.0, 2.0), y) for y in (1e15, -1e15, 3.1e18, -3.3e18, 1e300))
    yield from ((math.nextafter(1.0, 0.0), y) for y in (1e15, -1e15, 6.3e18, -6.7e18, 1e300))
    yield from ((x, y) for x in (5e-324, 2.0**-1022, MOST) for y in (0.5, -0.5, 1.0, -1.0, 1e-300, 0.999, -0.9))
    for _ in range(POINTS):
        kind = rng.randrange(4)
        if kind == 0:
            yield magnitude(-20, 20), uniform(-15, 15)
        else:
            x = [uniform(0.5, 2), 1 + sign() * magnitude(-15, -1), magnitude(-323, 308)][kind - 1]
            yield x, uniform(-1, 1) * 740 / abs(math.log(x))


def row(arguments, exact):
    value, rest = nearest(exact)
    return [*map(bits, arguments), bits(value), rest]


fixture = {}
for name, (f, edges, draw) in functions.items():
    points = [*edges, *(draw() for _ in range(POINTS))]
    fixture[name] = [row([x], f(mpf(x))) for x in points]
fixture['pow64'] = [row([x, y], exp(bounded(log(mpf(x)) * mpf(y)))) for x, y in power_points()]

TURNS = [p for k in (1, 2, 3, 5, 100, 636, 637, 640, 12345, 10**6, 10**9) for p in around(k * math.pi / 2, 1)]
HUGE = [999.9999999999999, 1000.0, 6381956970095103 * 2.0**797, 2.0**52, 2.0**120, 1e22, 1e300, MOST]
circular = TURNS + HUGE + [2.0**-27, 1e-10, 0.785, 0.7853981633974483]


def angle():
    return sign() * rng.choice([uniform(0, 1), uniform(0, 1000), magnitude(3, 16), magnitude(0, 308)])


later = {
    'sin64': (sin, [*BOTH_TINY, *circular], angle),
    'cos64': (cos, [*TINY, *circular], angle),
    'erf64': (
        erf,
        BOTH_TINY + [s * x for x in (1.0, 1.75, 2.75, 4.0, 6.0) for p in around(x, 1) for s in (1, -1)] + [7.0],
        lambda: sign() * rng.choice([uniform(0, 1), uniform(1, 3), uniform(3, 6), magnitude(-18, 0)]),
    ),
}
for name, (f, edges, draw) in later.items():
    fixture[name] = [row([x], f(mpf(x))) for x in [*edges, *(draw() for _ in range(POINTS))]]

lines = [f'  "{name}": [\n' + ',\n'.join('    ' + json.dumps(r) for r in rows) + '\n  ]' for name, rows in fixture.items()]
path = pathlib.Path(__file__).parent.parent / 'test/kernels/fixtures/math64.json'
path.write_text('{\n' + ',\n'.join(lines) + '\n}\n')
