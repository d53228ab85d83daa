/**
 * Blocks of the heap: what parameters, optimizer state and the arena's chunks are made of. First fit over a short sorted list of
 * gaps, merged when freed. Few and long-lived blocks live here; the many short-lived ones come from the arena.
 */
import { OutOfMemoryError, showValue, ValueError } from '../errors.ts';
import { HEAP_START, heap } from './heap.ts';

const ALIGN = 64;

interface Gap {
  start: number;
  end: number;
}

/** Gives memory back that is held and not needed. Asked for before a request fails. */
let reclaim: () => number = () => 0;

/** Sets what gives memory back before a request for a block fails. It returns the bytes given back. */
export function onPressure(giveBack: () => number): void {
  reclaim = giveBack;
}

/** Gaps in ascending order. Everything past the heap's end counts as not there yet. */
const gaps: Gap[] = [{ start: HEAP_START, end: heap.byteLength }];
let limit = 2 ** 32;

/** A block's true size: whole cache lines, so that neighbors never share one. */
export function blockBytes(bytes: number): number {
  return Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
}

/**
 * The address of `bytes` bytes (64-byte aligned, not cleared).
 * @throws OutOfMemoryError where the heap cannot grow; nothing has changed then. @throws ValueError for what is no size.
 */
export function allocateBlock(bytes: number): number {
  if (!(bytes >= 0 && Number.isSafeInteger(bytes)))
    throw new ValueError(`allocateBlock: expected a whole number of bytes from 0 on, got ${bytes}`);
  const need = blockBytes(bytes);
  const gap = findGap(need) ?? (reclaim() > 0 ? findGap(need) : undefined);
  if (gap === undefined) {
    throw new OutOfMemoryError(
      need,
      heap.byteLength,
      'use smaller batches or fewer steps, or raise the limit with setMemoryLimit',
    );
  }
  const address = gap.start;
  gap.start += need;
  if (gap.start === gap.end) gaps.splice(gaps.indexOf(gap), 1);
  return address;
}

/** The first gap with that much room, which the heap grows for where there is none. */
function findGap(need: number): Gap | undefined {
  return gaps.find((gap) => gap.end - gap.start >= need) ?? growFor(need);
}

/** Bytes of the heap that nothing holds. */
export function freeBytes(): number {
  return gaps.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Gives a block back. `bytes` is what was asked for. */
export function freeBlock(address: number, bytes: number): void {
  const start = address;
  const end = address + blockBytes(bytes);
  let at = gaps.findIndex((gap) => gap.start >= end);
  if (at < 0) at = gaps.length;
  const before = gaps[at - 1];
  const after = gaps[at];
  const joinsBefore = before !== undefined && before.end === start;
  const joinsAfter = after !== undefined && after.start === end;
  if (joinsBefore && joinsAfter) {
    before.end = after.end;
    gaps.splice(at, 1);
  } else if (joinsBefore) before.end = end;
  else if (joinsAfter) after.start = start;
  else gaps.splice(at, 0, { start, end });
}

/**
 * The most bytes that the heap may grow to (4 GiB unless set). Lowering it below what is in use stops growth, and frees nothing.
 * @throws ValueError unless `bytes` is a positive number.
 */
export function setMemoryLimit(bytes: number): void {
  if (typeof bytes !== 'number' || !(bytes > 0))
    throw new ValueError(`setMemoryLimit: ${showValue(bytes)} came, a positive number of bytes was expected`);
  limit = Math.min(bytes, 2 ** 32);
}

/** Grows the heap so that its last gap holds `need` bytes: by a quarter at least, to grow seldom, or by just enough. */
function growFor(need: number): Gap | undefined {
  const end = heap.byteLength;
  const last = gaps.at(-1);
  const tail = last !== undefined && last.end === end ? last : undefined;
  const enough = end + need - (tail === undefined ? 0 : tail.end - tail.start);
  const ample = Math.min(Math.max(enough, Math.ceil(end * 1.25)), limit);
  if (enough > limit || !((ample > enough && heap.grow(ample)) || heap.grow(enough))) return undefined;
  if (tail !== undefined) {
    tail.end = heap.byteLength;
    return tail;
  }
  const gap = { start: end, end: heap.byteLength };
  gaps.push(gap);
  return gap;
}
