/** The contestant's side of the protocol, for ours and the JavaScript peers. */
import { createInterface } from 'node:readline';
import type { Case, Kind } from './cases.ts';
import type { Answer, Hello, Request } from './protocol.ts';

/** One case, prepared. */
export interface Work {
  /** The numbers to compare. Called once, before any `run`. */
  check(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Runs `n` iterations. Their results are complete when it returns. */
  run(n: number): void | Promise<void>;
  /** The loss of the last step, if there is one. */
  loss?(): number | Promise<number>;
}

/** Prepares a case. */
export type Prepare<K extends Kind> = (
  spec: Extract<Case, { readonly kind: K }>,
  variant: string,
) => Work | Promise<Work>;

/** The supported kinds of case. */
export type Workshop = { readonly [K in Kind]?: Prepare<K> };

/** Thrown while preparing an unsupported case. */
export class Absent extends Error {
  override readonly name = 'Absent';
}

/**
 * Seconds between two reads of the clock. Asynchronous contestants wait for their results this
 * often.
 */
const CHUNK = 0.05;

/**
 * Steps of training that `check` runs and whose losses it returns. Adagrad begins with steps of
 * nearly ±lr for any gradient. At batch 1 a rounding error grows from 1e-6 at the sixth loss to
 * 1e-3 at the seventh, with any two libraries.
 */
export const CHECK_STEPS = 6;

/** Sends the first message, then answers until the input ends. */
export async function serve(versions: Hello['versions'], workshop: Workshop, absent?: string): Promise<void> {
  say({
    versions: { node: process.versions.node, ...versions },
    ...(absent === undefined ? {} : { absent }),
  });
  if (absent !== undefined) return;
  const works = new Map<string, Timed>();
  let current = '';
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (request.case.id !== current) works.clear();
    current = request.case.id;
    try {
      say(await answer(request, works, workshop));
    } catch (error) {
      say(
        error instanceof Absent
          ? { absent: error.message }
          : { error: String((error as Error)?.stack ?? error) },
      );
    }
  }
}

/** Work, and its iterations between two reads of the clock. */
interface Timed {
  readonly work: Work;
  chunk: number;
}

async function answer(request: Request, works: Map<string, Timed>, workshop: Workshop): Promise<Answer> {
  const { case: spec, variant } = request;
  if (request.action === 'check') {
    const prepare = workshop[spec.kind] as
      | ((spec: Case, variant: string) => Work | Promise<Work>)
      | undefined;
    if (prepare === undefined) throw new Absent(`it does not support ${spec.kind}`);
    const work = await prepare(spec, variant);
    works.set(variant, { work, chunk: 1 });
    return { numbers: Array.from(await work.check()) };
  }
  const timed = works.get(variant);
  if (timed === undefined) throw new Error(`run of ${spec.id}, ${variant} before its check`);
  return measure(timed, request.seconds);
}

async function measure(timed: Timed, wanted: number): Promise<Answer> {
  const { work } = timed;
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  let iterations = 0;
  let now = start;
  while (now - start < wanted * 1e3) {
    const before = now;
    const pending = work.run(timed.chunk);
    if (pending !== undefined) await pending;
    iterations += timed.chunk;
    now = performance.now();
    if (now - before < Math.min(CHUNK, wanted / 4) * 500) timed.chunk *= 2;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const result = { iterations, seconds: (now - start) / 1e3, cpu: (user + system) / 1e6 };
  return work.loss === undefined ? result : { ...result, loss: await work.loss() };
}

function say(message: Hello | Answer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
