/** The curves of a run, however often it was stopped and resumed: kept in a small file beside its pictures. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainState } from '../progress.ts';
import { makeDirectory, replaceFile } from '../written-file.ts';
import { History, type HistoryPoint, type HistoryState } from './history.ts';

/** Points of a curve. */
const POINTS = 600;
const FILE = 'training.json';

/** What the file holds. */
interface Kept {
  /** What makes a run the run that it is. */
  readonly run: string;
  /** The last iteration that was heard of. */
  readonly iteration: number;
  readonly loss: HistoryState;
  readonly norm: HistoryState;
  readonly heldOut: readonly HistoryPoint[];
}

export class RunCurves {
  readonly #run: string;
  readonly #loss: History = new History(POINTS);
  readonly #norm: History = new History(POINTS);
  #heldOut: HistoryPoint[] = [];
  #iteration = 0;

  /** @param run what makes the run the one that it is */
  constructor(run: string) {
    this.#run = run;
  }

  step({ iteration, loss, smoothedLoss, bitsPerCharacter, gradientNorm }: TrainState): void {
    this.#iteration = iteration;
    // A window's loss is a sum or a mean, as configured; bits per character are the same either way.
    this.#loss.add(iteration, (loss * bitsPerCharacter) / smoothedLoss);
    if (gradientNorm !== undefined) this.#norm.add(iteration, gradientNorm);
  }

  /** What the model makes of held-out text, as it is now. */
  heldOut(bits: number): void {
    this.#heldOut.push({ iteration: this.#iteration, value: bits });
  }

  /** Mean losses of stretches, in bits per character. */
  get loss(): readonly HistoryPoint[] {
    return this.#loss.points;
  }

  /** Mean gradient norms of stretches, before clipping. */
  get norm(): readonly HistoryPoint[] {
    return this.#norm.points;
  }

  /** Bits per character of held-out text, whenever they were measured. */
  get heldOutPoints(): readonly HistoryPoint[] {
    return this.#heldOut;
  }

  /**
   * Takes up the curves that this very run left in a directory.
   * @param iteration where the run goes on: what lies behind is dropped, it will be run again
   * @returns up to which iteration there are curves now; 0 where there were none
   */
  takeUp(directory: string, iteration: number): number {
    const kept = readKept(join(directory, FILE));
    if (kept === null || kept.run !== this.#run) return 0;
    this.#loss.restore(kept.loss, iteration, kept.iteration);
    this.#norm.restore(kept.norm, iteration, kept.iteration);
    this.#heldOut = kept.heldOut.filter((point) => point.iteration <= iteration);
    this.#iteration = Math.min(kept.iteration, iteration);
    return this.#iteration;
  }

  /** Keeps the curves for whoever resumes the run. */
  keep(directory: string): void {
    const kept: Kept = {
      run: this.#run,
      iteration: this.#iteration,
      loss: this.#loss.state,
      norm: this.#norm.state,
      heldOut: this.#heldOut,
    };
    makeDirectory(directory);
    replaceFile(join(directory, FILE), `${JSON.stringify(kept)}\n`);
  }
}

/** Whether curves are kept in a directory. */
export function keepsCurves(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

/** Null where there is no such file, or it holds something else: curves are no reason not to train. */
function readKept(file: string): Kept | null {
  try {
    // What was not finite is null in JSON; taken as it is it would count as 0.
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'), (key, value) =>
      value === null && (key === 'value' || key === 'sum') ? Number.NaN : value,
    );
    return isKept(read) ? read : null;
  } catch {
    return null;
  }
}

function isKept(read: unknown): read is Kept {
  if (!isRecord(read)) return false;
  const { run, iteration, loss, norm, heldOut } = read;
  return (
    typeof run === 'string' && isNumber(iteration) && isHistory(loss) && isHistory(norm) && isPoints(heldOut)
  );
}

function isHistory(read: unknown): read is HistoryState {
  if (!isRecord(read)) return false;
  const { points, size, sum, count } = read;
  return isPoints(points) && isNumber(size) && size >= 1 && isNumber(sum) && isNumber(count);
}

function isPoints(read: unknown): read is HistoryPoint[] {
  return (
    Array.isArray(read) &&
    read.every((point) => isRecord(point) && isNumber(point.iteration) && isNumber(point.value))
  );
}

function isRecord(read: unknown): read is Readonly<Record<string, unknown>> {
  return typeof read === 'object' && read !== null;
}

function isNumber(read: unknown): read is number {
  return typeof read === 'number';
}
