/** Progress: a bar on a terminal, otherwise a line per finished experiment. */
import cliProgress from 'cli-progress';
import { duration } from '../../common/format.ts';
import type { Budget, Experiment } from '../common/experiment.ts';

export class ReportProgress {
  readonly #start = performance.now();
  readonly #bar: cliProgress.SingleBar | null;
  readonly #output: NodeJS.WriteStream;
  readonly #left = new Map<string, number>();
  readonly #total: number;
  #done = 0;

  constructor(experiments: readonly Experiment[], budget: Budget, output: NodeJS.WriteStream) {
    this.#output = output;
    for (const each of experiments) this.#left.set(each.name, each.parts(budget).length);
    this.#total = [...this.#left.values()].reduce((sum, parts) => sum + parts, 0);
    const format = (_: unknown, { progress }: { readonly progress: number }): string => this.#line(progress);
    this.#bar = output.isTTY
      ? new cliProgress.SingleBar({ stream: output, format, clearOnComplete: true, fps: 4 })
      : null;
    this.#bar?.start(this.#total, 0);
  }

  /** Counts a finished part. */
  part(experiment: string): void {
    this.#left.set(experiment, (this.#left.get(experiment) ?? 0) - 1);
    this.#bar?.update(++this.#done);
  }

  /** Reports a finished experiment. */
  ended(experiment: string): void {
    this.#left.delete(experiment);
    if (this.#bar === null) this.#output.write(`${this.#elapsed()}  ${experiment}\n`);
  }

  close(): void {
    this.#bar?.stop();
  }

  #elapsed(): string {
    return duration((performance.now() - this.#start) / 1000);
  }

  #line(progress: number): string {
    const width = 24;
    const filled = Math.round(progress * width);
    const done = `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${this.#elapsed()}`;
    const waiting = [...this.#left].map(([name, parts]) => `${name} ${parts}`);
    const room = (this.#output.columns ?? 80) - done.length - 3;
    return `${done}  ${listWithin(room, waiting)}`;
  }
}

/** The names that fit, none of them cut. */
export function listWithin(room: number, names: readonly string[]): string {
  const whole = names.join(', ');
  if (whole.length <= room) return whole;
  let list = '';
  for (const name of names) {
    if (list.length + name.length + ', …'.length > room) break;
    list += `${name}, `;
  }
  return `${list}…`;
}
