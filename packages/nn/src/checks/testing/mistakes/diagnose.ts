/** Finds the known mistake that gives the gradients of a handwritten backward, by making each. */
import type { TestCaseSizes } from '../options.ts';
import type { TestCase } from '../test-case.ts';
import { type BackwardPass, backwardPass, type Fault } from './backward-pass.ts';
import {
  describeExplanation,
  describeFactor,
  type Explanation,
  explainParameter,
  explainWhole,
  ratioOf,
  same,
  sum,
} from './explain.ts';
import { type Hypothesis, nameBlocks } from './hypotheses.ts';
import { flatten, numbersAt, Sample } from './sample.ts';

/** Two test cases in which B, T, H and F all differ and none is 1. */
const SIZES = [
  { steps: 3, batch: 2, inputSize: 2, hiddenSize: 4 },
  { steps: 2, batch: 4, inputSize: 3, hiddenSize: 2 },
] as const;
/** More mistakes at once are not diagnosed. */
const MOST = 3;

/** Describes what is wrong with a handwritten backward. Null if no known mistake explains it. */
export function diagnose(testCase: TestCase): string | null {
  const { hiddenMultiple = 1 } = testCase.options;
  const samples = SIZES.map((sizes) => {
    const hiddenSize = hiddenMultiple * Math.ceil(sizes.hiddenSize / hiddenMultiple);
    return new Sample(testCase.with({ ...sizes, hiddenSize }));
  }) as [Sample, Sample];
  let best: readonly string[] | null = null;
  for (const id of [null, ...samples[0].hypotheses.keys()]) {
    const found = mistakesWith(id, samples);
    if (found !== null && found.length > 0 && found.length < (best?.length ?? MOST + 1)) best = found;
  }
  return best === null ? null : best.join('; and ');
}

/**
 * A sentence for each mistake, if one mistake (or none) propagates through time. Null if that does
 * not explain every number.
 */
function mistakesWith(id: string | null, samples: readonly [Sample, Sample]): string[] | null {
  const a = suspected(id, samples[0]);
  const b = a && suspected(id, samples[1]);
  if (a === null || b === null) return null;
  const sizes = samples.map((sample) => sample.sizes);
  const single = singleMistakes(a.leaves, b.leaves, sizes, samples[0]);
  if (single === null || a.hypothesis === null) return single;
  const is = describeFactor([a.k, b.k], sizes);
  return is === null ? null : [a.hypothesis.describe(is), ...single];
}

/** A mistake (null: none) with the k and the explanations that fit a sample. Null if none fit. */
function suspected(id: string | null, sample: Sample) {
  const hypothesis = id === null ? null : sample.hypotheses.get(id);
  if (hypothesis === undefined) return null;
  const k = hypothesis === null ? 1 : hypothesis.sized ? sizeOf(hypothesis, sample) : 0;
  const leaves = k === null ? null : explained(sample, hypothesis?.fault ?? {}, k);
  return k === null || leaves === null ? null : { hypothesis, k, leaves };
}

/** The k of a mistake, from so few steps that the gradients are affine in it. Null if no k fits. */
function sizeOf({ fault, affineSteps }: Hypothesis, sample: Sample): number | null {
  const { problem, manual } = sample.over(affineSteps);
  const paths = [...backwardPass(problem)[0]![0]!.cell.keys()];
  const flat = (pass: BackwardPass): number[] =>
    paths.flatMap((path) =>
      Array.from(sum(pass.flatMap((steps) => steps.map(({ cell }) => cell.get(path)!)))),
    );
  const [without, right] = [flat(backwardPass(problem, fault, 0)), flat(backwardPass(problem))];
  const by = paths.flatMap((path) => numbersAt(manual.cell, path));
  const minus = (values: readonly number[]): number[] => values.map((each, i) => each - without[i]!);
  return same(right, without) ? null : ratioOf(minus(by), minus(right));
}

type Leaves = ReadonlyMap<string, Explanation>;

/** Explains every handwritten gradient by a backward pass. Null if one is not explained. */
function explained(sample: Sample, fault: Fault, k: number): Leaves | null {
  const { problem, manual } = sample.over(sample.sizes.steps);
  const pass = backwardPass(problem, fault, k);
  const first = pass[0]![0]!;
  const leaves = new Map<string, Explanation | null>();
  for (const path of first.cell.keys()) {
    const by = numbersAt(manual.cell, path);
    leaves.set(`cell.${path}`, explainParameter(problem.cell, path, by, pass));
  }
  const steps = pass[0]!.map((_, t) => pass.map((stream) => stream[t]!));
  if (manual.inputs !== undefined && first.inputs !== null) {
    const right = steps.flatMap((streams) => streams.flatMap(({ inputs }) => Array.from(inputs!)));
    leaves.set('inputs', explainWhole(flatten(manual.inputs), right));
  }
  for (const path of first.state.keys()) {
    // A backward may record the gradient of a state before or after it is passed on.
    const passed = (values: Float64Array): Float64Array => fault.carry?.(path, values, k) ?? values;
    for (const [tree, of, name] of [
      [manual.state, steps.slice(0, 1), 'state'],
      [manual.states, steps, 'states'],
    ] as const) {
      if (tree === undefined) continue;
      const by = numbersAt(tree, path);
      const values = of.flat().map(({ state }) => state.get(path)!);
      const explain = (all: readonly Float64Array[]) =>
        explainWhole(
          by,
          all.flatMap((each) => Array.from(each)),
        );
      leaves.set(path === '' ? name : `${name}.${path}`, explain(values) ?? explain(values.map(passed)));
    }
  }
  return [...leaves.values()].includes(null) ? null : (leaves as Leaves);
}

/** Mistakes of single gradients, equal ones in one sentence. Null if the two samples disagree. */
function singleMistakes(
  a: Leaves,
  b: Leaves,
  sizes: readonly TestCaseSizes[],
  sample: Sample,
): string[] | null {
  const { cell } = sample.over(1).problem;
  const groups = new Map<string, string[]>();
  for (const [name, first] of a) {
    const description = describeExplanation(first, b.get(name)!, sizes);
    if (description === null) return null;
    if (description === '') continue;
    const parameter = name.replace(/^cell\./, '');
    const gates =
      first.kind === 'scaled' && first.gates.every((gate) => gate.name !== null) ? first.gates : [];
    const all = gates.length === 0 || cell.blocks()[parameter]?.length === gates.length;
    const blocks = gates.map((gate) => ({ parameter, gate }));
    const where = all ? name : nameBlocks(cell, blocks);
    groups.set(description, [...(groups.get(description) ?? []), where]);
  }
  return [...groups].map(([description, names]) => {
    const whole = names.length === a.size && names.length > 1;
    return `${whole ? 'every gradient' : names.join(', ')} ${description}`;
  });
}
