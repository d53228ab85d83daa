/** Runs the laws of recurrent cells on test cases that try to break them. */
import type { Arbitrary } from 'fast-check';
import type { Cell } from '../../cells/cell.ts';
import { fc } from './fast-check.ts';
import { NotFinite } from './finite.ts';
import { type Law, STEPS_TO_SHOW, Violation } from './law.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, LawId, MakeCell, TestCaseSizes } from './options.ts';
import { type BrokenLaw, CellLawReport, type LawOutcome } from './report.ts';
import { requireCell, requireLawOptions, requireMaker } from './require.ts';
import { TestCase } from './test-case.ts';

/** A law, ready to run. */
export interface CellLaw {
  readonly id: LawId;
  /** A sentence, for `test(law.name, law.check)`. */
  readonly name: string;
  /** @throws CellLawError saying what is broken, for which sizes and seed, and the likely cure. */
  readonly check: () => void;
}

/**
 * The laws of a cell, one test each. Every law draws sizes and a seed, makes cells, and shrinks a
 * failure to the smallest T, B, F and H. Parameters are perturbed a little, so that zeros hide
 * nothing. The laws are for float64 cells with inputs [B, F] and for the strict kernels (the
 * default): some require equal bits.
 * @throws ValueError unless `makeCell` makes a cell, and for invalid options.
 * @example
 * const make = ({ inputSize: F, hiddenSize: H, ...options }) => new MyCell(F, H, options);
 * for (const law of cellLaws(make)) test(law.name, law.check);
 */
export function cellLaws<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  options: CellLawOptions<C> = {},
): CellLaw[] {
  const { name: cell, applicable, general } = lawsFor('cellLaws', makeCell, options);
  return applicable.map((law) => ({
    id: law.id,
    name: law.name,
    check: () => new CellLawReport(cell, [tryLaw(law, makeCell, general).outcome]).assert(),
  }));
}

/**
 * Tries all laws on a cell, without a test runner.
 * @returns the report; print it with `toString()` or `toMarkdown()`.
 * @throws CellLawError with the whole `report`, if any law is broken. @throws ValueError as
 * `cellLaws`.
 * @example
 * const make = ({ inputSize: F, hiddenSize: H, ...options }) => new MyCell(F, H, options);
 * console.log(String(checkCell(make)));
 */
export function checkCell<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  options: CellLawOptions<C> = {},
): CellLawReport {
  const laws = lawsFor('checkCell', makeCell, options);
  const report = new CellLawReport(laws.name, [...outcomesOf(laws, makeCell)]);
  report.assert();
  return report;
}

/**
 * Tries the laws one after another, for programs that show each outcome as soon as it is found.
 * @returns the outcomes of `checkCell`, in its order. Broken laws are outcomes too: nothing throws.
 * @throws ValueError as `cellLaws`, at the call.
 * @example
 * for (const { name, broken } of lawOutcomes(makeCell)) console.log(name, broken?.what ?? 'holds');
 */
export function lawOutcomes<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  options: CellLawOptions<C> = {},
): Generator<LawOutcome, void, void> {
  return outcomesOf(lawsFor('lawOutcomes', makeCell, options), makeCell);
}

function* outcomesOf(
  { applicable, general }: ReturnType<typeof lawsFor>,
  makeCell: MakeCell<Cell<unknown>>,
): Generator<LawOutcome, void, void> {
  const broken = new Map<LawId, string>();
  const violated = new Set<LawId>();
  for (const law of applicable) {
    const { id, name, after } = law;
    const before = (['determinism', after] as const).find((each) => each !== undefined && violated.has(each));
    if (before !== undefined) {
      yield { id, name, broken: null, untried: before };
      continue;
    }
    const { outcome, error } = tryLaw(law, makeCell, general);
    const what = withoutNumbers(outcome.broken?.what ?? '');
    const [same] = [...broken].find(([, other]) => other === what) ?? [];
    if (outcome.broken === null) yield outcome;
    else if (same !== undefined) yield { id, name, broken: null, untried: same };
    else {
      broken.set(id, what);
      // An exception or a NaN occurred before the law itself was tried.
      if (error instanceof Violation && !(error instanceof NotFinite)) violated.add(id);
      yield outcome;
    }
  }
}

const LARGEST = { steps: 4, batch: 3, inputSize: 3, hiddenSize: 4 };

/** Checks the arguments. @returns the cell's name and the laws that apply to it */
function lawsFor<C extends Cell<unknown>>(op: string, makeCell: MakeCell<C>, options: CellLawOptions<C>) {
  const general = options as unknown as CellLawOptions;
  requireLawOptions(op, general);
  requireMaker(op, makeCell);
  const { skip = [], hiddenMultiple = 1 } = general;
  const sizes = { steps: 1, batch: 1, inputSize: 2, hiddenSize: 2 * hiddenMultiple, seed: 0 };
  const testCase = new TestCase(makeCell, sizes, general);
  const cell = testCase.fresh();
  requireCell(op, cell);
  const applicable = laws.filter(({ id, concerns = () => true }) => !skip.includes(id) && concerns(testCase));
  return { name: cell.constructor.name || 'the cell', applicable, general };
}

function tryLaw(
  { id, name, check, share = 1, ...law }: Law,
  makeCell: MakeCell<Cell<unknown>>,
  options: CellLawOptions,
): { readonly outcome: LawOutcome; readonly error: unknown } {
  const { seed = 1, runs = 10 } = options;
  const property = fc.property(sizesFor(law, options), (sizes) => {
    check(new TestCase(makeCell, sizes, options));
  });
  const result = fc.check(property, { seed, numRuns: Math.ceil(runs * share) });
  const { failed, counterexample, errorInstance: error } = result;
  const broken =
    failed && counterexample !== null ? { sizes: counterexample[0], ...describeError(error) } : null;
  return { outcome: { id, name, broken, untried: null }, error };
}

function sizesFor(
  { atLeast = {}, atMost = {} }: Pick<Law, 'atLeast' | 'atMost'>,
  options: CellLawOptions,
): Arbitrary<TestCaseSizes> {
  const { largest = {}, hiddenMultiple = 1 } = options;
  const size = (name: keyof typeof LARGEST, unit = 1): Arbitrary<number> => {
    const min = Math.ceil((atLeast[name] ?? 1) / unit);
    const most = Math.min(largest[name] ?? LARGEST[name], atMost[name] ?? Number.POSITIVE_INFINITY);
    const max = Math.max(min, Math.floor(most / unit));
    return fc.integer({ min, max }).map((units) => units * unit);
  };
  return fc.record({
    steps: size('steps'),
    batch: size('batch'),
    inputSize: size('inputSize'),
    hiddenSize: size('hiddenSize', hiddenMultiple),
    seed: fc.integer({ min: 0, max: 999 }),
  });
}

/** What is equal in messages for other sizes. */
const withoutNumbers = (what: string): string => what.replace(/\d[\d.e+-]*/g, '#');

function describeError(error: unknown): Omit<BrokenLaw, 'sizes'> {
  if (error instanceof Violation) return { what: error.message, cure: error.cure(), detail: detailOf(error) };
  const { name, message } = error instanceof Error ? error : { name: 'thrown', message: String(error) };
  return {
    what: `it threw ${name}: ${message}`,
    cure: 'fix this error; a cell must run for every T, B, F and H from 1 on (see hiddenMultiple)',
    detail: null,
  };
}

/** The detail, or why it cannot be made: more may fail over more steps. */
function detailOf({ detail }: Violation): string | null {
  try {
    return detail?.() ?? null;
  } catch (error) {
    return `no table over ${STEPS_TO_SHOW} steps: ${error instanceof Error ? error.message : String(error)}`;
  }
}
