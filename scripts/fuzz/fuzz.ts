/** The fuzzer: programs of random calls, one after another, and its findings. */
import { setMemoryLimit, useKernels } from '@chronograd/tensor';
import { difference } from './compare.ts';
import { Guards } from './guards.ts';
import { wrongValue } from './oracles.ts';
import { run } from './program.ts';
import type { Run } from './settings.ts';

export type Kind = 'damage' | 'untyped error' | 'wrong result' | 'wrong arguments taken';

export interface Finding {
  /** Equal for findings of one kind. */
  readonly key: string;
  readonly kind: Kind;
  readonly program: number;
  /** The number of calls up to this one. */
  readonly calls: number;
  readonly call: string;
  readonly text: string;
  readonly what: string;
}

export interface Settings {
  readonly seed: number;
  /** The first program. */
  readonly first: number;
  /** No program starts after this number of calls. */
  readonly calls: number;
  /** Stop at the first finding. */
  readonly stop?: boolean;
  /** Whether there is time for another program. */
  readonly goOn?: (program: number, calls: number) => boolean;
}

export interface Outcome {
  readonly calls: number;
  readonly programs: number;
  /** Calls that threw a typed error. */
  readonly refused: number;
  /** The first finding of each kind. After damage the run ends. */
  readonly findings: readonly Finding[];
}

const MEMORY = 2 ** 28;

/** Runs programs. The seed and a program's number decide everything. */
export function fuzz({ seed, first, calls: most, stop = false, goOn = () => true }: Settings): Outcome {
  setMemoryLimit(MEMORY);
  const guards = new Guards();
  const findings = new Map<string, Finding>();
  let calls = 0;
  let refused = 0;
  let program = first;
  for (; calls < most && goOn(program, calls) && !(stop && findings.size > 0); program++) {
    const found = on('strict', () => run(seed, program, guards.parameters, false));
    const { steps, failure } = found.run;
    calls += Math.max(1, steps.length);
    refused += steps.filter(({ error }) => error !== null).length;
    const report = (kind: Kind, call: string, text: string, what: string): void => {
      const key = `${kind} ${call} ${what.slice(0, 40)}`;
      if (!findings.has(key)) findings.set(key, { key, kind, program, calls, call, text, what });
    };
    const story = `${found.setting}: ${steps.map(({ text }) => text).join('; ')}`;
    const damage = found.damaged ?? guards.damage();
    if (damage !== null) {
      report('damage', steps.at(-1)?.call ?? '', story, damage);
      break;
    }
    for (const { call, text, problem } of failure === null ? steps : [failure]) {
      if (problem === null) continue;
      const kind = problem.startsWith('untyped') ? 'untyped error' : 'wrong arguments taken';
      report(kind, call, `${found.setting}: ${text}`, problem);
    }
    const expected = on('reference', () => run(seed, program, guards.parameters, true));
    const wrong = differenceOf(found.run, expected.run);
    if (wrong !== null) report('wrong result', wrong.call, story, wrong.what);
    const value = program % 4 === 0 ? wrongValue(seed, program) : null;
    if (value !== null) report('wrong result', value.call, value.call, value.what);
  }
  setMemoryLimit(2 ** 32);
  return { calls, programs: program - first, refused, findings: [...findings.values()] };
}

function differenceOf(found: Run, expected: Run): { readonly call: string; readonly what: string } | null {
  const wrong = difference(found, expected);
  return wrong && { call: wrong.step.call, what: wrong.what };
}

function on<R>(build: 'strict' | 'reference', body: () => R): R {
  useKernels(build);
  try {
    return body();
  } finally {
    useKernels('strict');
  }
}
