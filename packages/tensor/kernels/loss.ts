import { exp32 } from './exp32';
import { exp64 } from './exp64';
import { bytes, lanes, loadPart, storePart } from './lanes';
import { log32 } from './log32';
import { log64 } from './log64';
import { sumRow } from './pairwise';
import { unaryPairs } from './unary';

/**
 * The largest of a row, by pmax: one instruction, while max takes ten. It may skip a NaN or return
 * the other zero. Neither changes the result: a NaN is in the sum of exponentials too, and makes
 * every quotient NaN.
 */
@inline
function largestOf<T>(x: usize, n: i32): T {
  let best = v128.load_splat<T>(x);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    best = v128.pmax<T>(best, v128.load(x));
    x += 16;
  }
  for (; n > 0; n--) {
    best = v128.pmax<T>(best, v128.load_splat<T>(x));
    x += sizeof<T>();
  }
  if (sizeof<T>() == 4) best = f32x4.pmax(best, v128.shuffle<f32>(best, best, 2, 3, 0, 1));
  return max<T>(v128.extract_lane<T>(best, 0), v128.extract_lane<T>(best, 1));
}

class ExpOfDifference {
  @inline apply(x: v128, offset: v128): v128 { return exp32(f32x4.sub(x, offset)); }
}

/** `y[j] = exp(x[j] − offset)`. */
@inline
function expOfDifference<T>(x: usize, y: usize, n: i32, offset: T): void {
  if (sizeof<T>() == 8) {
    for (; n > 0; n--) {
      store<f64>(y, exp64(load<f64>(x) - <f64>offset));
      x += 8;
      y += 8;
    }
  } else {
    unaryPairs<ExpOfDifference>(x, y, n, f32x4.splat(<f32>offset));
  }
}

@inline
function logarithm<T>(x: T): T {
  return sizeof<T>() == 8 ? <T>log64(<f64>x) : <T>f32x4.extract_lane(log32(f32x4.splat(<f32>x)), 0);
}

/** `y = y / divisor`. The fast module multiplies by the reciprocal. */
@inline
function divideBy<T>(y: usize, n: i32, divisor: T): void {
  const operand = v128.splat<T>(FAST ? <T>1 / divisor : divisor);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, quotient<T>(v128.load(y), operand));
    y += 16;
  }
  if (n > 0) storePart<T>(y, quotient<T>(loadPart<T>(y, n), operand), n);
}

@inline
function quotient<T>(x: v128, operand: v128): v128 {
  return FAST ? v128.mul<T>(x, operand) : v128.div<T>(x, operand);
}

@inline
function crossEntropy<T>(
  logits: usize, targets: usize, loss: usize, probs: usize, rows: i32, v: i32, ignore: i32,
): void {
  for (; rows > 0; rows--) {
    const largest = largestOf<T>(logits, v);
    expOfDifference<T>(logits, probs, v, largest);
    const total = sumRow<T>(probs, v);
    divideBy<T>(probs, v, total);
    const target = load<i32>(targets);
    store<T>(
      loss,
      target == ignore ? <T>0 : <T>(logarithm<T>(total) - (load<T>(logits + bytes<T>(target)) - largest)),
    );
    logits += bytes<T>(v);
    probs += bytes<T>(v);
    targets += 4;
    loss += sizeof<T>();
  }
}

/** `y[j] = g·probs[j]`. */
@inline
function scale<T>(x: usize, y: usize, n: i32, factor: T): void {
  const factors = v128.splat<T>(factor);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, v128.mul<T>(v128.load(x), factors));
    x += 16;
    y += 16;
  }
  if (n > 0) storePart<T>(y, v128.mul<T>(loadPart<T>(x, n), factors), n);
}

/** `y[j] = g·(probs[j] − [j = target])`, or 0 in an ignored row. */
@inline
function crossEntropyGrad<T>(
  probs: usize, targets: usize, g: usize, gRow: i32, y: usize, rows: i32, v: i32, ignore: i32,
): void {
  for (; rows > 0; rows--) {
    const target = load<i32>(targets);
    if (target == ignore) {
      memory.fill(y, 0, bytes<T>(v));
    } else {
      const at = bytes<T>(target);
      const atTarget = load<T>(g) * (load<T>(probs + at) - <T>1);
      scale<T>(probs, y, v, load<T>(g));
      store<T>(y + at, atTarget);
    }
    probs += bytes<T>(v);
    y += bytes<T>(v);
    targets += 4;
    g += bytes<T>(gRow);
  }
}

export function crossEntropy_f32(
  logits: usize, targets: usize, loss: usize, probs: usize, rows: i32, v: i32, ignore: i32,
): void {
  crossEntropy<f32>(logits, targets, loss, probs, rows, v, ignore);
}
export function crossEntropy_f64(
  logits: usize, targets: usize, loss: usize, probs: usize, rows: i32, v: i32, ignore: i32,
): void {
  crossEntropy<f64>(logits, targets, loss, probs, rows, v, ignore);
}
export function crossEntropyGrad_f32(
  probs: usize, targets: usize, g: usize, gRow: i32, y: usize, rows: i32, v: i32, ignore: i32,
): void {
  crossEntropyGrad<f32>(probs, targets, g, gRow, y, rows, v, ignore);
}
export function crossEntropyGrad_f64(
  probs: usize, targets: usize, g: usize, gRow: i32, y: usize, rows: i32, v: i32, ignore: i32,
): void {
  crossEntropyGrad<f64>(probs, targets, g, gRow, y, rows, v, ignore);
}
