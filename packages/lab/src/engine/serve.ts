/** Serves jobs in a worker, as far as the page asks for events. */
import type { Job } from './job.ts';
import type { Reply, Request } from './messages.ts';
import { forbidNetwork } from './no-network.ts';
import { compile, evalHasLines, expressionOf, loadWith, type Program, programError } from './program.ts';
import { withoutTailCalls } from './tail-calls.ts';
import { warm } from './warm.ts';

/** Credits of the page: how many events it takes. */
class Credits {
  #left = 0;
  #wake: () => void = () => {};

  add(count: number): void {
    this.#left += count;
    this.#wake();
  }

  async take(): Promise<void> {
    while (this.#left <= 0) await new Promise<void>((wake) => (this.#wake = wake));
    this.#left--;
  }
}

type Jobs = Readonly<Record<string, Job<never, unknown>>>;

/** Serves jobs to the page, one after another. */
export function serve(jobs: Jobs): void {
  // The sandbox has set it before it imports this module.
  const { port } = globalThis as unknown as { readonly port: MessagePort };
  let credits = new Credits();
  const reply = (message: Reply): void => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<Request>): void => {
    if ('next' in data) credits.add(data.next);
    else {
      credits = new Credits();
      void work(jobs, data.run, credits, reply).catch((error) => reply({ error: failure(error, null) }));
    }
  };
  // Errors in promises and callbacks of the program.
  for (const name of ['error', 'unhandledrejection'])
    addEventListener(name, (event) => {
      event.preventDefault();
      const { error, reason } = event as ErrorEvent & PromiseRejectionEvent;
      reply({ error: failure(error ?? reason, null) });
    });
  // V8 keeps ten lines of a stack. The program's may be deeper, behind the library's.
  Object.assign(Error, { stackTraceLimit: 200 });
  if (!evalHasLines()) loadWith((text) => modules.get(text) ?? null);
  forbidNetwork();
  const start = performance.now();
  warm();
  reply({ ready: performance.now() - start });
}

async function work(
  jobs: Jobs,
  { job, codes, settings }: Extract<Request, { run: unknown }>['run'],
  credits: Credits,
  reply: (message: Reply) => void,
): Promise<void> {
  alive = (): void => reply({ alive: true });
  alive();
  if (!evalHasLines()) for (const code of codes) await preload(code);
  const programs = codes.map((code, program) => {
    try {
      return withSigns(compile(code));
    } catch (error) {
      throw Object.assign(programError(error), { program });
    }
  });
  alive();
  const run = jobs[job] as Job<unknown, unknown>;
  const events = run(programs, settings);
  const each = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events[Symbol.iterator]();
  for (;;) {
    await credits.take();
    const { done, value } = await each.next();
    if (done) break;
    reply({ event: value });
    await turn(); // more credits arrive
  }
  reply({ done: true });
}

/** Programs that were loaded as modules. */
const modules = new Map<string, { readonly value: unknown; readonly file: string }>();

/** Loads a program as a module, whose stacks have lines. One that does not load is evaluated. */
async function preload(code: string): Promise<void> {
  try {
    const text = expressionOf(code);
    const source = `let __returned;export default ${withoutTailCalls(text, '__returned')}`;
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const { default: value } = (await import(/* @vite-ignore */ url)) as { default: unknown };
    modules.set(text, { value, file: url });
  } catch {
    // compile reports the error
  }
}

/** Milliseconds between two signs of life. */
const PAUSE = 200;

let lastSign = 0;
/** Tells the page that the job goes on. */
let alive = (): void => {};
/** Prototypes whose steps are signs of life. */
const watched = new WeakSet<object>();

function sign(): void {
  const now = performance.now();
  if (now - lastSign <= PAUSE) return;
  lastSign = now;
  alive();
}

/** A job makes many cells and steps for one event. Each shows that the job goes on. */
function withSigns({ makeCell, ...program }: Program): Program {
  return {
    ...program,
    makeCell(options) {
      sign();
      const cell = makeCell(options);
      const owner = ownerOfStep(cell);
      if (owner === null || watched.has(owner)) return cell;
      watched.add(owner);
      const { step } = owner;
      owner.step = function (...args) {
        sign();
        return step.apply(this, args);
      };
      return cell;
    },
  };
}

/** The prototype that has the cell's step. */
function ownerOfStep(cell: unknown): { step(this: unknown, ...args: unknown[]): unknown } | null {
  let owner: object | null = typeof cell === 'object' ? cell : null;
  while (owner !== null && !Object.hasOwn(owner, 'step')) owner = Object.getPrototypeOf(owner);
  return owner as ReturnType<typeof ownerOfStep>;
}

/** Lets messages arrive. A timer would wait for 4 ms, or for a second in the background. */
const turn = (): Promise<void> =>
  new Promise((next) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      next();
    };
    port2.postMessage(null);
  });

function failure(error: unknown, program: number | null): Extract<Reply, { error: unknown }>['error'] {
  const known = programError(error) as ReturnType<typeof programError> & { readonly program?: number };
  return { message: known.message, place: known.place, program: known.program ?? program };
}
