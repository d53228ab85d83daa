/** Which known mistake gives just these gradients: each is made on purpose, and the one that gives the same numbers is named. */
import type { TrialSizes } from '../options.ts';
import type { Trial } from '../trial.ts';
import { type Explanation, explainParameter, explainWhole, ratioOf, same, sum } from './explain.ts';
import { factorInWords, partInWords } from './format.ts';
import type { Hypothesis } from './hypotheses.ts';
import { nameBlocks } from './rows.ts';
import { flatten, numbersAt, Sample } from './sample.ts';
import { type Bend, type Problem, type Walk, walk } from './walk.ts';

/** Two tries in which streams, steps, units and features are all different in number, and none is 1. */
const SIZES = [
  { steps: 3, batch: 2, inputSize: 2, hiddenSize: 4 },
  { steps: 2, batch: 4, inputSize: 3, hiddenSize: 2 },
] as const;
/** More mistakes at once than this are left to the reader. */
const MOST = 3;

/** What is wrong with a handwritten backward, in words. Null where it is none of the known mistakes, nor a few of them. */
export function diagnose(trial: Trial, problemOf: (trial: Trial) => Problem): string | null {
  const { hiddenMultiple = 1 } = trial.options;
  const samples = SIZES.map((sizes) => {
    const hiddenSize = hiddenMultiple * Math.ceil(sizes.hiddenSize / hiddenMultiple);
    return new Sample(trial.with({ ...sizes, hiddenSize }), problemOf);
  }) as [Sample, Sample];
  let best: readonly string[] | null = null;
  for (const id of [null, ...samples[0].hypotheses.keys()]) {
    const found = mistakesWith(id, samples);
    if (found !== null && found.length > 0 && found.length < (best?.length ?? MOST + 1)) best = found;
  }
  return best === null ? null : best.join('; and ');
}

/** All that is wrong if one mistake (or none) travels through time: a sentence each. Null where that does not explain every number. */
function mistakesWith(id: string | null, samples: readonly [Sample, Sample]): string[] | null {
  const tried = samples.map((sample) => {
    const hypothesis = id === null ? null : sample.hypotheses.get(id);
    if (hypothesis === undefined) return null;
    const k = hypothesis === null ? 1 : hypothesis.sized ? sizeOf(hypothesis, sample) : 0;
    const leaves = k === null ? null : explained(sample, hypothesis?.bend ?? {}, k);
    return k === null || leaves === null ? null : { hypothesis, k, leaves };
  });
  const [a, b] = tried;
  if (a == null || b == null) return null;
  const sizes = samples.map((sample) => sample.sizes);
  const inTheSum = sumMistakes(a.leaves, b.leaves, sizes, samples[0]);
  const is = a.hypothesis === null ? null : factorInWords([a.k, b.k], sizes);
  if (inTheSum === null || (a.hypothesis !== null && is === null)) return null;
  return [...(a.hypothesis === null ? [] : [a.hypothesis.words(is!)]), ...inTheSum];
}

/** The k of a mistake, from a run so short that the gradients are affine in it. Null where no k gives them. */
function sizeOf({ bend, affineSteps }: Hypothesis, sample: Sample): number | null {
  const { problem, manual } = sample.over(affineSteps);
  const paths = [...walk(problem)[0]![0]!.cell.keys()];
  const flat = (walked: Walk): number[] =>
    paths.flatMap((path) =>
      Array.from(sum(walked.flatMap((steps) => steps.map(({ cell }) => cell.get(path)!)))),
    );
  const [without, right] = [flat(walk(problem, bend, 0)), flat(walk(problem))];
  const by = paths.flatMap((path) => numbersAt(manual.cell, path));
  const term = right.map((each, i) => each - without[i]!);
  if (same(right, without)) return null;
  return ratioOf(
    by.map((each, i) => each - without[i]!),
    term,
  );
}

type Leaves = ReadonlyMap<string, Explanation>;

/** Every gradient that came by hand, beside a walk. Null where one is not explained. */
function explained(sample: Sample, bend: Bend, k: number): Leaves | null {
  const { problem, manual } = sample.over(sample.sizes.steps);
  const walked = walk(problem, bend, k);
  const [first] = walked[0]!;
  const leaves = new Map<string, Explanation>();
  const found = (name: string, explanation: Explanation | null): boolean => {
    if (explanation !== null) leaves.set(name, explanation);
    return explanation !== null;
  };
  for (const path of first!.cell.keys()) {
    const by = numbersAt(manual.cell, path);
    if (!found(`cell.${path}`, explainParameter(problem.cell, path, by, walked))) return null;
  }
  const steps = first === undefined ? [] : walked[0]!.map((_, t) => walked.map((stream) => stream[t]!));
  if (manual.inputs !== undefined && first!.inputs !== null) {
    const right = steps.flatMap((streams) => streams.flatMap(({ inputs }) => Array.from(inputs!)));
    if (!found('inputs', explainWhole(flatten(manual.inputs), right))) return null;
  }
  for (const path of first!.state.keys()) {
    // A backward may note the gradient of a state before or after it hands it on.
    const handed = (values: Float64Array): Float64Array => bend.carry?.(path, values, k) ?? values;
    for (const [tree, of, name] of [
      [manual.state, steps.slice(0, 1), 'state'],
      [manual.states, steps, 'states'],
    ] as const) {
      if (tree === undefined) continue;
      const by = numbersAt(tree, path);
      const values = of.flat().map(({ state }) => state.get(path)!);
      const explanation = [values, values.map(handed)]
        .map((all) =>
          explainWhole(
            by,
            all.flatMap((each) => Array.from(each)),
          ),
        )
        .find((each) => each !== null);
      if (!found(path === '' ? name : `${name}.${path}`, explanation ?? null)) return null;
    }
  }
  return leaves;
}

/** Mistakes of single gradients, those that are wrong in the same way in one sentence. Null where both tries disagree. */
function sumMistakes(a: Leaves, b: Leaves, sizes: readonly TrialSizes[], sample: Sample): string[] | null {
  const groups = new Map<string, string[]>();
  for (const [name, first] of a) {
    const second = b.get(name)!;
    const words = partInWords(first, second, sizes);
    if (words === null) return null;
    if (words === '') continue;
    const { cell } = sample.over(1).problem;
    const parameter = name.replace(/^cell\./, '');
    const gates =
      first.kind === 'scaled' && first.gates.every((gate) => gate.name !== null) ? first.gates : [];
    const all = cell.blocks()[parameter]?.length === gates.length;
    const of =
      gates.length === 0 || all
        ? name
        : nameBlocks(
            cell,
            gates.map((gate) => ({ parameter, gate })),
          );
    groups.set(words, [...(groups.get(words) ?? []), of]);
  }
  return [...groups].map(([words, names]) => {
    const whole = names.length === a.size && names.length > 1;
    return `${whole ? 'every gradient' : names.join(', ')} ${words}`;
  });
}
