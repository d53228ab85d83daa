/**
 * Blocks of the heap, for parameters, optimizer state and the arena's chunks: few and long-lived.
 * The many short-lived tensors are in the arena. First fit over a short sorted list of gaps, which
 * are merged when blocks are freed.
 */
import { OutOfMemoryError, showValue, ValueError } from '../errors.ts';
import { HEAP_START, heap } from './heap.ts';

const ALIGN = 64;

interface Gap {
  start: number;
  end: number;
}

/** Frees memory that is reserved but not used. Called before a request fails. */
let reclaim: () => number = () => 0;

/** Sets the function that frees memory before a request fails. It returns the number of bytes. */
export function onPressure(free: () => number): void {
  reclaim = free;
}

/** Gaps in ascending order, up to the heap's end. */
const gaps: Gap[] = [{ start: HEAP_START, end: heap.byteLength }];
let limit = 2 ** 32;

/** A block's size in whole cache lines, so that neighbors never share one. */
export function blockBytes(bytes: number): number {
  return Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
}

/**
 * The address of `bytes` bytes (64-byte aligned, not cleared).
 * @throws OutOfMemoryError where the heap cannot grow; nothing has changed then.
 * @throws ValueError for an invalid size.
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

/** The first gap with that much room. Where there is none, the heap grows. */
function findGap(need: number): Gap | undefined {
  return gaps.find((gap) => gap.end - gap.start >= need) ?? growFor(need);
}

/** Unused bytes of the heap. */
export function freeBytes(): number {
  return gaps.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Frees a block. @param bytes the requested size. */
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
 * Sets the most bytes that the heap may grow to. Default: 4 GiB. A limit below the bytes in use
 * stops growth and frees nothing.
 * @throws ValueError unless `bytes` is a positive number.
 */
export function setMemoryLimit(bytes: number): void {
  if (typeof bytes !== 'number' || !(bytes > 0))
    throw new ValueError(`setMemoryLimit: expected a positive number of bytes, got ${showValue(bytes)}`);
  limit = Math.min(bytes, 2 ** 32);
}

/**
 * Grows the heap until its last gap has `need` bytes: by at least a quarter, to grow seldom, or
 * else by just enough.
 */
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
