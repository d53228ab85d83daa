/** Laws that every recurrent cell must obey, and a try at breaking each. */
import type { Arbitrary } from 'fast-check';
import type { Cell } from '../../cells/cell.ts';
import { fc } from './fast-check.ts';
import { NotFinite } from './finite.ts';
import { type Law, STEPS_TO_SHOW } from './law.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, LawId, MakeCell, TrialSizes } from './options.ts';
import { requireCell, requireLawOptions, requireMaker } from './refuse.ts';
import { CellLawReport, type LawOutcome } from './report.ts';
import { Trial } from './trial.ts';
import { Violation } from './violation.ts';

/** A law, ready to run. */
export interface CellLaw {
  readonly id: LawId;
  /** A sentence, for `test(law.name, law.check)`. */
  readonly name: string;
  /** @throws CellLawError saying what is broken, for which sizes and seed, and the likely cure. */
  readonly check: () => void;
}

/**
 * The laws of a cell, one test each. Every law draws sizes and a seed, makes cells of them, and shrinks what fails to the smallest T, B, F and H.
 * Parameters are moved a little from where the cell puts them, so that zeros hide nothing. Laws are meant for cells in float64 with
 * inputs [B, F]; kernels must be the strict ones (the default), since some laws ask for equal bits.
 * @throws ValueError for what makes no cell, and for options with which nothing would be tried.
 * @example
 * for (const law of cellLaws(({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options))) {
 *   test(law.name, law.check);
 * }
 */
export function cellLaws<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  options: CellLawOptions<C> = {},
): CellLaw[] {
  const general = options as unknown as CellLawOptions;
  return lawsFor('cellLaws', makeCell, general).map((law) => ({
    id: law.id,
    name: law.name,
    check: () =>
      new CellLawReport(nameOf(makeCell, general), [tryLaw(law, makeCell, general).outcome]).assert(),
  }));
}

/**
 * Tries all laws on a cell, by itself: no test runner is needed.
 * @returns the report; print it with `toString()` or `toMarkdown()`.
 * @throws CellLawError with the whole `report`, if any law is broken. @throws ValueError as `cellLaws`.
 * @example console.log(String(checkCell(({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options))));
 */
export function checkCell<C extends Cell<unknown>>(
  makeCell: MakeCell<C>,
  options: CellLawOptions<C> = {},
): CellLawReport {
  const general = options as unknown as CellLawOptions;
  const broken = new Map<LawId, string>();
  const silences = new Set<LawId>();
  const outcomes = lawsFor('checkCell', makeCell, general).map((law): LawOutcome => {
    const { id, name, after } = law;
    const before = (['determinism', after] as const).find((each) => each !== undefined && silences.has(each));
    if (before !== undefined) return { id, name, broken: null, untried: before };
    const { outcome, error } = tryLaw(law, makeCell, general);
    if (outcome.broken === null) return outcome;
    const what = withoutNumbers(outcome.broken.what);
    const [same] = [...broken].find(([, said]) => said === what) ?? [];
    if (same !== undefined) return { id, name, broken: null, untried: same };
    broken.set(id, what);
    // What throws or is not finite did not come as far as the law.
    if (error instanceof Violation && !(error instanceof NotFinite)) silences.add(id);
    return outcome;
  });
  const report = new CellLawReport(nameOf(makeCell, general), outcomes);
  report.assert();
  return report;
}

const LARGEST = { steps: 4, batch: 3, inputSize: 3, hiddenSize: 4 };

/** A cell that is made only to be looked at. */
function look(makeCell: MakeCell<Cell<unknown>>, options: CellLawOptions): Trial {
  const hiddenSize = 2 * (options.hiddenMultiple ?? 1);
  return new Trial(makeCell, { steps: 1, batch: 1, inputSize: 2, hiddenSize, seed: 0 }, options);
}

function lawsFor(op: string, makeCell: MakeCell<Cell<unknown>>, options: CellLawOptions): Law[] {
  requireLawOptions(op, options);
  requireMaker(op, makeCell);
  const { skip = [] } = options;
  const trial = look(makeCell, options);
  requireCell(op, trial.fresh());
  return laws.filter(({ id, concerns = () => true }) => !skip.includes(id) && concerns(trial));
}

function nameOf(makeCell: MakeCell<Cell<unknown>>, options: CellLawOptions): string {
  return look(makeCell, options).fresh().constructor.name || 'the cell';
}

function tryLaw(
  law: Law,
  makeCell: MakeCell<Cell<unknown>>,
  options: CellLawOptions,
): { readonly outcome: LawOutcome; readonly error: unknown } {
  const { id, name, check, share = 1 } = law;
  const { seed = 1, runs = 10 } = options;
  const property = fc.property(sizesFor(law, options), (sizes) => {
    check(new Trial(makeCell, sizes, options));
  });
  const {
    failed,
    counterexample,
    errorInstance: error,
  } = fc.check(property, {
    seed,
    numRuns: Math.ceil(runs * share),
  });
  if (!failed || counterexample === null)
    return { outcome: { id, name, broken: null, untried: null }, error };
  const broken = { sizes: counterexample[0], ...inWords(error) };
  return { outcome: { id, name, broken, untried: null }, error };
}

function sizesFor({ atLeast = {}, atMost = {} }: Law, options: CellLawOptions): Arbitrary<TrialSizes> {
  const { largest = {}, hiddenMultiple = 1 } = options;
  const size = (name: 'steps' | 'batch' | 'inputSize' | 'hiddenSize', unit = 1): Arbitrary<number> => {
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

/** What stays of a sentence at other sizes. */
const withoutNumbers = (what: string): string => what.replace(/\d[\d.e+-]*/g, '#');

function inWords(error: unknown): {
  readonly what: string;
  readonly cure: string;
  readonly detail: string | null;
} {
  if (error instanceof Violation) return { what: error.message, cure: error.cure(), detail: detailOf(error) };
  const { name, message } = error instanceof Error ? error : { name: 'thrown', message: String(error) };
  return {
    what: `it threw ${name}: ${message}`,
    cure: 'mend what this says; a cell must run for every T, B, F and H from 1 on (see hiddenMultiple)',
    detail: null,
  };
}

/** More than what is broken may be broken where the detail is made: then that is said in its place. */
function detailOf({ detail }: Violation): string | null {
  try {
    return detail?.() ?? null;
  } catch (error) {
    return `no table over ${STEPS_TO_SHOW} steps: ${error instanceof Error ? error.message : String(error)}`;
  }
}
