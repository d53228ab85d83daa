import '../relaxed-simd.ts';
import { describe, expect, test } from 'vitest';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import { fastModule } from '../../src/kernels/fast.generated.ts';
import { fastKernels } from '../../src/kernels/fast.ts';
import { decodeHex } from '../../src/kernels/hex.ts';
import { referenceKernels } from '../../src/kernels/reference/index.ts';
import { strictKernels } from '../../src/kernels/strict.ts';
import { Heap } from '../../src/memory/heap.ts';
import { wasm } from '../../src/memory/wasm.ts';
import { laws } from './laws.ts';
import type { Near } from './trial.ts';
import { ulp32 } from './ulp.ts';

const EPSILON = { float32: 2 ** -24, float64: 2 ** -53 };
const SMALLEST = { float32: 2 ** -149, float64: 2 ** -1074 };
/** The deepest product of the law. */
const DEEPEST = 260;

/** Both NaN, the same infinity, or no further apart than the bound. */
const within = (got: number, wanted: number, bound: number): boolean =>
  Object.is(got, wanted) || Math.abs(got - wanted) <= bound;

/** The bound to the exact value is 2 ulp, so 3.5 to the reference, whose error is at most 1.5. */
const ulps: Near = (got, wanted) => within(got, wanted, 3.5 * ulp32(wanted));

/**
 * Sums of products of at most DEEPEST terms: |error| ≤ 2·k·ε·Σ|a||b|, the bound for any order of
 * additions, in either build. Products below the normal numbers add half of the smallest number
 * each. Where Σ|a||b| overflows, the result may overflow or not. A NaN requires NaN or infinite
 * operands.
 */
const product =
  (dtype: 'float32' | 'float64'): Near =>
  (got, wanted, magnitude) => {
    if (Number.isNaN(magnitude)) return Number.isNaN(got);
    if (magnitude === Number.POSITIVE_INFINITY) return true;
    return within(got, wanted, 2 * (DEEPEST + 1) * (EPSILON[dtype] * magnitude + SMALLEST[dtype]));
  };

/**
 * Losses (a logarithm minus a difference) and probabilities (an exponential over a sum): some ulp.
 */
const entropy: Near = (got, wanted, _magnitude, output) => {
  const size = output === 0 ? Math.max(1, Math.abs(wanted)) : Math.abs(wanted);
  return within(got, wanted, 16 * EPSILON.float32 * size + 4 * SMALLEST.float32);
};

/** Every kernel that is not strict's own, and how near the reference it stays. */
const bounds: Record<'float32' | 'float64', Partial<Record<keyof FloatKernels, Near>>> = {
  float32: {
    exp: ulps,
    log: ulps,
    tanh: ulps,
    sigmoid: ulps,
    matmul: product('float32'),
    crossEntropy: entropy,
  },
  float64: { matmul: product('float64') },
};
const rows = (['float32', 'float64'] as const).flatMap((dtype) =>
  (Object.keys(bounds[dtype]) as (keyof FloatKernels)[]).map((name) => [name, dtype] as const),
);

function kernelsOver(bytes: number) {
  const heap = new Heap(bytes);
  const reference = referenceKernels(heap);
  const strict = strictKernels(heap, reference)!;
  return { heap, reference, strict, fast: fastKernels(heap, strict)! };
}

const small = kernelsOver(1 << 20);
const beyond2GiB = kernelsOver(2 ** 31 + (1 << 20));

test('A kernel of the fast build is in the table of bounds, or it is strict’s own; what the module exports is in the set as it is.', () => {
  const module = new wasm!.Module(decodeHex(fastModule));
  const { exports } = new wasm!.Instance(module, { env: { memory: small.heap.memory } });
  const taken = (['float32', 'float64'] as const).flatMap((dtype) => {
    const [strict, fast] = [small.strict[dtype], small.fast[dtype]];
    const own = (Object.keys(fast) as (keyof FloatKernels)[]).filter((name) => fast[name] !== strict[name]);
    expect(Object.keys(fast)).toEqual(Object.keys(strict));
    expect(own.sort()).toEqual(Object.keys(bounds[dtype]).sort());
    for (const name of own) expect(String(fast[name])).toContain('[native code]');
    return own.map((name) => `${name}_${dtype === 'float32' ? 'f32' : 'f64'}`);
  });
  expect(taken.sort()).toEqual(Object.keys(exports).sort());
  expect(small.fast.int32).toBe(small.strict.int32);
});

describe('The fast build stays within its bounds of the reference, and writes nothing but its outputs', () => {
  test.each(rows)('%s of %s.', (name, dtype) => {
    const { heap, reference, fast } = small;
    laws[name](heap, dtype, reference[dtype], fast[dtype], 400, bounds[dtype][name]!);
  });
  test.each(rows)('%s of %s, at addresses above 2 GiB.', (name, dtype) => {
    const { heap, reference, fast } = beyond2GiB;
    laws[name](heap, dtype, reference[dtype], fast[dtype], 10, bounds[dtype][name]!);
  });
});

const oracles = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
};
/** From here on the nearest float32 is infinite. */
const OVERFLOW = 3.4028235677973366e38;

/** Every exponent with some mantissas, and a dense walk where the functions bend. */
function sample(): Float32Array {
  const values = new Float32Array(512 * 60 + 60000);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < 512 * 60; i++) {
    const mantissa = i % 60 === 59 ? 0x7fffff : ((i % 60) * 2654435761) % 0x800000;
    bits[i] = Math.floor(i / 60) * 2 ** 23 + mantissa;
  }
  for (let i = 0; i < 60000; i++) values[512 * 60 + i] = (i - 30000) * 0.00351;
  return values;
}

test.each(Object.keys(oracles) as (keyof typeof oracles)[])(
  'fast %s of float32 is within 2 ulp of the exact value, and exact at NaN, infinities and beyond the range.',
  (name) => {
    const { heap, fast } = small;
    const xs = sample();
    const [x, y] = [16384, 16384 + xs.byteLength];
    heap.float32.set(xs, x / 4);
    fast.float32[name](x, y, xs.length);
    const ys = heap.float32.slice(y / 4, y / 4 + xs.length);
    const wrong = xs.findIndex((value, i) => {
      const exact = oracles[name](value);
      if (Number.isNaN(exact) || Math.abs(exact) >= OVERFLOW) return !Object.is(ys[i], Math.fround(exact));
      // An overflow within 2 ulp of the end of the range is a rounding error like any other.
      const got = Math.abs(ys[i]!) === Number.POSITIVE_INFINITY ? Math.sign(ys[i]!) * 2 ** 128 : ys[i]!;
      return !(Math.abs(got - exact) <= 2 * ulp32(exact));
    });
    expect(wrong < 0 ? 'none' : `${name}(${xs[wrong]}) = ${ys[wrong]}`).toBe('none');
  },
);
