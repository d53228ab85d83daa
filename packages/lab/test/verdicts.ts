/** What tests expect of verdicts, in Node and in browsers. */
import type { LawOutcome } from '@chronograd/nn/testing';
import { expect } from 'vitest';
import type { VerdictEvent } from '../src/engine/verdict.ts';
import type { Finding } from '../src/presets/wrong.ts';

export const outcomesIn = (events: readonly VerdictEvent[]): LawOutcome[] =>
  events.flatMap((event) => ('outcome' in event ? [event.outcome] : []));

/** The first broken law names the gradient, the gates, the step and a cure. */
export function expectFinding(outcomes: readonly LawOutcome[], finding: Finding): void {
  const { law, parameter, gates, step, cure } = finding;
  const [first] = outcomes.filter(({ broken }) => broken !== null);
  const { what, detail, cure: likely } = first!.broken!;
  expect(first!.id).toBe(law);
  expect(what).toContain(` ${parameter} at `);
  if (gates.length === 1) expect(what).toMatch(new RegExp(`gate ${gates[0]}\\b`));
  if (gates.length > 1) expect(what).toMatch(new RegExp(`wrong gates: ${gates.join(', ')}$`));
  const diverges = /diverge at step (\d+)/.exec(detail!);
  expect(diverges === null ? null : Number(diverges[1])).toBe(step);
  expect(likely).toContain(cure);
}
