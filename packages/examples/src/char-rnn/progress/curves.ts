/** The curves of a run, in a small file beside its plots, so that a resumed run continues them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { History, type HistoryPoint, type HistoryState } from './history.ts';
import type { TrainState } from './reporter.ts';

/** The largest number of points per curve. */
const POINTS = 600;
const FILE = 'training.json';

/** The content of the file. */
interface SavedCurves {
  /** Identifies the run. */
  readonly run: string;
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

  /** @param run identifies the run */
  constructor(run: string) {
    this.#run = run;
  }

  step({ iteration, loss, smoothedLoss, bitsPerCharacter, gradientNorm }: TrainState): void {
    this.#iteration = iteration;
    // The loss is a sum or a mean, as configured. Bits per character are the same for both.
    this.#loss.add(iteration, (loss * bitsPerCharacter) / smoothedLoss);
    if (gradientNorm !== undefined) this.#norm.add(iteration, gradientNorm);
  }

  /** Adds the held-out loss of the current model. */
  heldOut(bits: number): void {
    this.#heldOut.push({ iteration: this.#iteration, value: bits });
  }

  /** Mean losses in bits per character. */
  get loss(): readonly HistoryPoint[] {
    return this.#loss.points;
  }

  /** Mean gradient norms before clipping. */
  get norm(): readonly HistoryPoint[] {
    return this.#norm.points;
  }

  /** Held-out losses in bits per character. */
  get heldOutPoints(): readonly HistoryPoint[] {
    return this.#heldOut;
  }

  /**
   * Continues the curves that this run saved in a directory.
   * @param iteration where the run continues; later points are dropped, since it repeats them
   * @returns the last iteration of the curves; 0 if there are none
   */
  restore(directory: string, iteration: number): number {
    const saved = readSaved(join(directory, FILE));
    if (saved === null || saved.run !== this.#run) return 0;
    this.#loss.restore(saved.loss, iteration, saved.iteration);
    this.#norm.restore(saved.norm, iteration, saved.iteration);
    this.#heldOut = saved.heldOut.filter((point) => point.iteration <= iteration);
    this.#iteration = Math.min(saved.iteration, iteration);
    return this.#iteration;
  }

  /** Saves the curves, for a resumed run. */
  save(directory: string): void {
    const saved: SavedCurves = {
      run: this.#run,
      iteration: this.#iteration,
      loss: this.#loss.state,
      norm: this.#norm.state,
      heldOut: this.#heldOut,
    };
    makeDirectory(directory);
    replaceFile(join(directory, FILE), `${JSON.stringify(saved)}\n`);
  }
}

/** Whether a directory has saved curves. */
export function hasSavedCurves(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

/** Null if the file is missing or invalid: that must not prevent training. */
function readSaved(file: string): SavedCurves | null {
  try {
    // JSON has null for NaN and infinities, which arithmetic would take as 0.
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'), (key, value) =>
      value === null && (key === 'value' || key === 'sum') ? Number.NaN : value,
    );
    return isSaved(read) ? read : null;
  } catch {
    return null;
  }
}

function isSaved(read: unknown): read is SavedCurves {
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
