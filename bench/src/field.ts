/** All contestants' processes. Each starts on first use, and ends with the case or the run. */
import type { Case } from './cases.ts';
import type { Contestant } from './contestant-types.ts';
import { ContestantProcess } from './process.ts';
import type { Hello } from './protocol.ts';
import type { ContestantResult } from './results.ts';
import type { Ask, Entry } from './rounds.ts';

/** Separates a contestant's id from the variant, if each variant has a separate process. */
const OF = ' of ';

/** The contestants of this run. */
export class Field {
  readonly all: readonly Contestant[];
  readonly #referee: Contestant;
  readonly #processes = new Map<string, ContestantProcess>();
  readonly #hellos = new Map<Contestant, Hello>();

  constructor(all: readonly Contestant[], referee: Contestant) {
    this.all = all;
    this.#referee = referee;
  }

  /** All variants of a case. Absent contestants have none. */
  async entries(spec: Case): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const contestant of this.all) {
      const variants = contestant.variants(spec);
      if (variants.length === 0 || (await this.#hello(contestant)).absent !== undefined) continue;
      found.push(...variants.map((variant) => ({ contestant, variant })));
    }
    return found;
  }

  /**
   * The reference numbers of a case. @throws Error if the reference fails, since nothing can be
   * checked then
   */
  async expected(spec: Case): Promise<readonly number[]> {
    const [variant = ''] = this.#referee.variants(spec);
    const answer = await this.ask(spec)({ contestant: this.#referee, variant }, 'check', 0);
    if ('numbers' in answer) return answer.numbers;
    throw new Error(`${this.#referee.name} failed at ${spec.id}: ${JSON.stringify(answer)}`);
  }

  /** Sends requests to the entries of a case. */
  ask(spec: Case): Ask {
    return ({ contestant, variant }, action, seconds) =>
      this.#process(contestant, variant).ask({ action, case: spec, variant, seconds });
  }

  /** Names, versions and absent contestants. */
  report(): ContestantResult[] {
    return this.all.map((contestant) => {
      const { id, name } = contestant;
      const hello = this.#hellos.get(contestant);
      return {
        id,
        name,
        versions: hello?.versions ?? {},
        absent: hello?.absent ?? contestant.absent ?? null,
      };
    });
  }

  /** Contestants whose startup is measured, with the reason of each absence. */
  async starters(): Promise<Contestant[]> {
    const starters: Contestant[] = [];
    for (const contestant of this.all.filter(({ startup }) => startup !== null)) {
      const { absent } = await this.#hello(contestant);
      starters.push(absent === undefined ? contestant : { ...contestant, absent });
    }
    return starters;
  }

  /** Ends the processes of a case. */
  endCase(): void {
    this.#end(([key]) => key.includes(OF));
  }

  /** Ends all processes. */
  close(): void {
    this.#end(() => true);
  }

  #end(which: (entry: [string, ContestantProcess]) => boolean): void {
    for (const [key, process] of [...this.#processes].filter(which)) {
      process.close();
      this.#processes.delete(key);
    }
  }

  async #hello(contestant: Contestant): Promise<Hello> {
    const known = this.#hellos.get(contestant);
    if (known !== undefined) return known;
    const hello =
      contestant.absent === undefined
        ? await this.#process(contestant, '').hello.catch((error: Error) => ({
            versions: {},
            absent: error.message,
          }))
        : { versions: {}, absent: contestant.absent };
    this.#hellos.set(contestant, hello);
    return hello;
  }

  #process(contestant: Contestant, variant: string): ContestantProcess {
    const key = contestant.fresh ? contestant.id + OF + variant : contestant.id;
    const running = this.#processes.get(key);
    if (running !== undefined) return running;
    const started = new ContestantProcess(contestant);
    this.#processes.set(key, started);
    return started;
  }
}
