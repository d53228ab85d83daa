/** A handwritten backward run at some sizes over one, two or more steps. */
import { Tensor } from '@chronograd/tensor';
import type { HandwrittenGradients, TestCaseSizes } from '../options.ts';
import { problemOf } from '../run.ts';
import type { TestCase } from '../test-case.ts';
import { type BackwardPass, backwardPass, type Problem } from './backward-pass.ts';
import { explainParameter } from './explain.ts';
import { type Hypothesis, hypothesesFor, scaledRows } from './hypotheses.ts';
import { type Product, productsOf } from './products.ts';

interface Solved {
  readonly problem: Problem;
  readonly manual: HandwrittenGradients;
}

/** A handwritten backward at some sizes. */
export class Sample {
  readonly sizes: TestCaseSizes;
  /** By their descriptions, which are equal at other sizes. */
  readonly hypotheses: ReadonlyMap<string, Hypothesis>;
  readonly #testCase: TestCase;
  readonly #solved = new Map<number, Solved>();

  constructor(testCase: TestCase) {
    this.#testCase = testCase;
    this.sizes = testCase.sizes;
    const { problem, manual } = this.over(1);
    const pass = backwardPass(problem);
    const [first] = pass[0]!;
    const products = productsOf(problem.cell, first!);
    const all = [
      ...hypothesesFor([...first!.state.keys()], products),
      ...wrongRows(problem, manual, pass, products),
    ];
    this.hypotheses = new Map(all.map((each) => [each.describe(''), each]));
  }

  /** The problem and the handwritten gradients over a number of steps. */
  over(steps: number): Solved {
    const known = this.#solved.get(steps);
    if (known !== undefined) return known;
    const testCase = this.#testCase.with({ steps });
    const problem = problemOf(testCase);
    const solved = { problem, manual: testCase.options.backward!(problem) };
    this.#solved.set(steps, solved);
    return solved;
  }
}

/** Rows that are scaled by one k in every parameter at a single step. */
function wrongRows(
  { cell }: Problem,
  manual: HandwrittenGradients,
  pass: BackwardPass,
  products: readonly Product[],
): Hypothesis[] {
  const blocks = [...pass[0]![0]!.cell.keys()].flatMap((parameter) => {
    const found = explainParameter(cell, parameter, numbersAt(manual.cell, parameter), pass);
    return found?.kind === 'scaled' ? found.gates.map((gate) => ({ parameter, gate })) : [];
  });
  return blocks.length === 0 ? [] : [scaledRows(cell, blocks, products)];
}

/** The numbers of a handwritten gradient at a path; none if it is absent. */
export function numbersAt(tree: unknown, path: string): number[] {
  const keys = path === '' ? [] : path.split('.');
  return flatten(keys.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree));
}

/** The numbers of a tensor, a typed array or nested arrays. */
export function flatten(value: unknown): number[] {
  if (value instanceof Tensor) return Array.from(value.toTypedArray());
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value) ? value.flatMap(flatten) : typeof value === 'number' ? [value] : [];
}
