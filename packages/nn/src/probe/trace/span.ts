/** Spans of a trace: what contains what. */

/** What a span shows. */
export type SpanKind = 'step' | 'phase' | 'method' | 'time step' | 'kernel';

/** A time step: its number, and the loop that counts it. Null outside of loops. */
export interface TimeStep {
  readonly timeStep: number | null;
  readonly timeLoop: readonly number[] | null;
}

export class Span {
  readonly name: string;
  readonly kind: SpanKind;
  /** The time step that it is in. */
  readonly at: TimeStep;
  /** The spans around it, outermost first, and itself. */
  readonly path: readonly Span[];
  /** When it began, until an event says so. */
  began: number | null;
  readonly #steps = new Map<TimeStep['timeLoop'], Map<number, Span>>();

  constructor(name: string, kind: SpanKind, outer: Span | null, at: TimeStep, began: number | null = null) {
    this.name = name;
    this.kind = kind;
    this.at = { timeStep: at.timeStep, timeLoop: at.timeLoop };
    this.path = [...(outer?.path ?? []), this];
    this.began = began;
  }

  /** This span, or the one of a time step in it. */
  during(at: TimeStep): Span {
    const { timeStep, timeLoop } = at;
    if (timeStep === null || (timeStep === this.at.timeStep && timeLoop === this.at.timeLoop)) return this;
    const steps = this.#steps.get(timeLoop) ?? new Map<number, Span>();
    this.#steps.set(timeLoop, steps);
    const span = steps.get(timeStep) ?? new Span(`time step ${timeStep}`, 'time step', this, at);
    steps.set(timeStep, span);
    return span;
  }

  toString(): string {
    return this.path.map(({ name }) => name).join(', ');
  }
}
