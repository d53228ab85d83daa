import { exp32 } from './exp32';
import { exp64 } from './exp64';
import { Max, ofRow } from './extreme';
import { bytes, lanes, loadPart, storePart } from './lanes';
import { log32 } from './log32';
import { log64 } from './log64';
import { sumRow } from './pairwise';
import { scale } from './scale';

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
    const offsets = f32x4.splat(<f32>offset);
    for (; n >= 4; n -= 4) {
      v128.store(y, exp32(f32x4.sub(v128.load(x), offsets)));
      x += 16;
      y += 16;
    }
    if (n > 0) storePart<f32>(y, exp32(f32x4.sub(loadPart<f32>(x, n), offsets)), n);
  }
}

@inline
function logarithm<T>(x: T): T {
  return sizeof<T>() == 8 ? <T>log64(<f64>x) : <T>f32x4.extract_lane(log32(f32x4.splat(<f32>x)), 0);
}

@inline
function divideBy<T>(y: usize, n: i32, divisor: T): void {
  const divisors = v128.splat<T>(divisor);
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(y, v128.div<T>(v128.load(y), divisors));
    y += 16;
  }
  if (n > 0) storePart<T>(y, v128.div<T>(loadPart<T>(y, n), divisors), n);
}

@inline
function crossEntropy<T>(
  logits: usize, targets: usize, loss: usize, probs: usize, rows: i32, v: i32, ignore: i32,
): void {
  for (; rows > 0; rows--) {
    const largest = ofRow<T, Max>(logits, v);
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
