/** Finds the spans that each kernel of a run is in. */
import { runtime, withRuntime } from '@chronograd/tensor/engine';
import { Events, type TraceEvent } from './events.ts';
import { Span } from './span.ts';

const OUTSIDE = { timeStep: null, timeLoop: null };

export class Tracer {
  readonly #now: () => number;
  readonly #events: Events;
  readonly #whole: Span;
  readonly #phases = new Map<string, Span>();
  /** The running method, or the whole. */
  #method: Span;

  constructor(now: () => number) {
    const start = now();
    this.#now = now;
    this.#events = new Events(start);
    this.#whole = new Span('step', 'step', null, OUTSIDE);
    this.#method = this.#whole;
    this.#events.enter([this.#whole], start);
  }

  /** The innermost span of what runs now: in the backward pass, where the op ran forward. */
  readonly present = (): Span => {
    const { backwardOf } = runtime;
    const noted = typeof backwardOf === 'string' ? null : backwardOf?.place;
    return (noted instanceof Span ? noted : this.#method).during(runtime);
  };

  /** Runs a method. In a backward pass a checkpoint runs it again. */
  method(name: string, run: () => unknown): unknown {
    const before = this.#method;
    const span = new Span(name, 'method', this.present(), runtime, this.#now());
    this.#method = span;
    try {
      return withRuntime({ backwardOf: null }, run);
    } finally {
      this.#method = before;
      this.#events.end(span, this.#now());
    }
  }

  /** Receives each launch. */
  readonly launched = (
    kernel: string,
    began: number,
    ended: number,
    cost: NonNullable<TraceEvent['args']>,
  ): void => {
    const span = this.present();
    const phase = this.#phase();
    // Most kernels are in the spans of the one before.
    if (!this.#events.isIn(phase, span === this.#whole ? phase : span)) {
      const [, ...inner] = span.path;
      this.#events.enter([this.#whole, phase, ...inner], began);
    }
    this.#events.kernel(kernel, began, ended, cost);
  };

  /** Ends all spans. @returns the events. */
  end(): readonly TraceEvent[] {
    this.#events.end(this.#whole, this.#now());
    return this.#events.all;
  }

  #phase(): Span {
    const { phase } = runtime;
    const span = this.#phases.get(phase) ?? new Span(phase, 'phase', this.#whole, OUTSIDE);
    this.#phases.set(phase, span);
    return span;
  }
}
