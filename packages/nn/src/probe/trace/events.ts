/** The events of a trace, in Chrome's Trace Event Format. */
import type { Span, SpanKind } from './span.ts';

/** The begin of a span, or the end of the last one that has begun and not ended. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: SpanKind;
  /** Begin or end. */
  readonly ph: 'B' | 'E';
  /** Microseconds since the trace began. */
  readonly ts: number;
  readonly pid: 1;
  readonly tid: 1;
  /** Of a kernel: floating-point operations of products, and bytes read and written. */
  readonly args?: { readonly flops: number; readonly bytes: number };
}

/** Writes events so that spans are nested and times never decrease. */
export class Events {
  readonly all: TraceEvent[] = [];
  readonly #start: number;
  readonly #open: Span[] = [];
  /** The time of the last event. */
  #last: number;

  /** @param start in milliseconds, as all times. */
  constructor(start: number) {
    this.#start = start;
    this.#last = start;
  }

  /** Whether that phase is open, and that span is the innermost one. */
  isIn(phase: Span, innermost: Span): boolean {
    return this.#open[1] === phase && this.#open[this.#open.length - 1] === innermost;
  }

  /** A kernel that ran in the spans that are open. */
  kernel(name: string, began: number, ended: number, args: NonNullable<TraceEvent['args']>): void {
    this.all.push({ name, cat: 'kernel', ph: 'B', ts: this.#at(began), pid: 1, tid: 1, args });
    this.all.push({ name, cat: 'kernel', ph: 'E', ts: this.#at(ended), pid: 1, tid: 1 });
  }

  /**
   * Ends the spans that are not in `path`, and begins those that are not open. A span begins with
   * the first one in it, unless its own time is known. It ends with the last one in it.
   */
  enter(path: readonly Span[], now: number): void {
    let shared = 0;
    while (shared < path.length && this.#open[shared] === path[shared]) shared++;
    this.#close(shared, this.#last);
    const opened = path.slice(shared);
    const times = opened.map(() => now);
    for (let i = opened.length - 1, next = now; i >= 0; i--) {
      next = opened[i]?.began ?? next;
      times[i] = next;
    }
    for (const [i, span] of opened.entries()) {
      span.began = null;
      this.#add(span, 'B', times[i] as number);
      this.#open.push(span);
    }
  }

  /** Ends a span, and those in it. One without kernels has not begun, and is left out. */
  end(span: Span, now: number): void {
    const depth = this.#open.indexOf(span);
    if (depth < 0) return;
    this.#close(depth + 1, this.#last);
    this.#close(depth, now);
  }

  #close(depth: number, now: number): void {
    while (this.#open.length > depth) this.#add(this.#open.pop() as Span, 'E', now);
  }

  #add({ name, kind }: Span, ph: 'B' | 'E', now: number): void {
    this.all.push({ name, cat: kind, ph, ts: this.#at(now), pid: 1, tid: 1 });
  }

  /** A time as microseconds, not before the last event. */
  #at(now: number): number {
    this.#last = Math.max(this.#last, now);
    return 1000 * (this.#last - this.#start);
  }
}
