/** A handwritten backward, tried at some sizes over one, two or more steps. */
import { Tensor } from '@chronograd/tensor';
import type { HandwrittenGradients } from '../handwritten.ts';
import type { TrialSizes } from '../options.ts';
import type { Trial } from '../trial.ts';
import { explainParameter } from './explain.ts';
import { type Hypothesis, hypothesesFor } from './hypotheses.ts';
import { type Product, productsOf } from './products.ts';
import { scaledRows } from './rows.ts';
import { type Problem, type Walk, walk } from './walk.ts';

interface Solved {
  readonly problem: Problem;
  readonly manual: HandwrittenGradients;
}

/** A handwritten backward at some sizes. */
export class Sample {
  readonly sizes: TrialSizes;
  /** By what they are called, which is the same at other sizes. */
  readonly hypotheses: ReadonlyMap<string, Hypothesis>;
  readonly #trial: Trial;
  readonly #problemOf: (trial: Trial) => Problem;
  readonly #solved = new Map<number, Solved>();

  constructor(trial: Trial, problemOf: (trial: Trial) => Problem) {
    this.#trial = trial;
    this.#problemOf = problemOf;
    this.sizes = trial.sizes;
    const { problem, manual } = this.over(1);
    const walked = walk(problem);
    const [first] = walked[0]!;
    const products = productsOf(problem.cell, first!);
    const all = [
      ...hypothesesFor([...first!.state.keys()], products),
      ...wrongRows(problem, manual, walked, products),
    ];
    this.hypotheses = new Map(all.map((each) => [each.words(''), each]));
  }

  /** The same over another number of steps. */
  over(steps: number): Solved {
    const known = this.#solved.get(steps);
    if (known !== undefined) return known;
    const trial = this.#trial.with({ steps });
    const problem = this.#problemOf(trial);
    const solved = { problem, manual: trial.options.backward!(problem) };
    this.#solved.set(steps, solved);
    return solved;
  }
}

/** Rows that are k times too large in every parameter at a single step. */
function wrongRows(
  { cell }: Problem,
  manual: HandwrittenGradients,
  walked: Walk,
  products: readonly Product[],
): Hypothesis[] {
  const blocks = [...walked[0]![0]!.cell.keys()].flatMap((parameter) => {
    const found = explainParameter(cell, parameter, numbersAt(manual.cell, parameter), walked);
    return found?.kind === 'scaled' ? found.gates.map((gate) => ({ parameter, gate })) : [];
  });
  return blocks.length === 0 ? [] : [scaledRows(cell, blocks, products)];
}

/** The numbers of a gradient by hand at a path; none where there is nothing. */
export function numbersAt(tree: unknown, path: string): number[] {
  const keys = path === '' ? [] : path.split('.');
  return flatten(keys.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree));
}

/** Numbers in a tensor, a typed array or nested arrays. */
export function flatten(value: unknown): number[] {
  if (value instanceof Tensor) return Array.from(value.toTypedArray());
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value) ? value.flatMap(flatten) : typeof value === 'number' ? [value] : [];
}
