import { loadPart, storePart } from './lanes';

/** From this many words on, the engine's copy is faster despite the call. */
const LONG = 256;

/** Copies 4-byte words, of any type. */
export function copyRow(source: usize, target: usize, words: i32): void {
  if (words >= LONG) {
    memory.copy(target, source, <usize>words << 2);
    return;
  }
  for (; words >= 4; words -= 4) {
    v128.store(target, v128.load(source));
    source += 16;
    target += 16;
  }
  if (words > 0) storePart<f32>(target, loadPart<f32>(source, words), words);
}
