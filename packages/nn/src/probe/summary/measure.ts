/** Measuring the modules of a model while it runs. */
import { KernelProfile, type Shape, type Tensor } from '@chronograd/tensor';
import { elementBytes, runtime, tensorLeaves, withRuntime } from '@chronograd/tensor/engine';
import type { AroundMethod } from '../../internal/around-methods.ts';

/** What is measured of one module. */
class Figures {
  milliseconds = 0;
  bytes = 0;
  calls = 0;
  /** How many of its calls are running: `step` of a cell calls `advance`. */
  running = 0;
  outputs: Readonly<Record<string, Shape>> = {};
  readonly profile: KernelProfile;
  constructor(now: () => number) {
    this.profile = new KernelProfile(now);
  }
}

/** The methods whose results are a module's outputs. */
const CALLS = ['forward', 'step', 'advance', 'stepReading'];

/** Measures a run, module by module. */
export class Run {
  total = 0;
  readonly #now: () => number;
  readonly #kernels = runtime.kernels;
  readonly #figures = new Map<string, Figures>();
  /** The running methods: their modules, and the time of the methods that they called. */
  readonly #running: { readonly figures: Figures; inner: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  figuresOf(path: string): Figures {
    const known = this.#figures.get(path);
    if (known !== undefined) return known;
    const made = new Figures(this.#now);
    this.#figures.set(path, made);
    return made;
  }

  readonly around: AroundMethod = (path, method, run) => {
    const figures = this.figuresOf(path);
    const frame = { figures, inner: 0 };
    const outer = this.#running.at(-1);
    const began = this.#now();
    const isCall = CALLS.includes(method);
    this.#running.push(frame);
    if (isCall && figures.running++ === 0) figures.calls++;
    try {
      const result = withRuntime({ kernels: figures.profile.over(this.#kernels) }, run);
      if (isCall || (outer === undefined && figures.calls === 0)) figures.outputs = shapesOf(result);
      return result;
    } finally {
      if (isCall) figures.running--;
      this.#running.pop();
      const time = this.#now() - began;
      figures.milliseconds += time - frame.inner;
      if (outer === undefined) this.total = time;
      else outer.inner += time;
    }
  };

  /** Tensors that an op made; a view of an input takes no memory. */
  made(inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
    const figures = this.#running.at(-1)?.figures;
    for (const { storage, size, dtype } of outputs) {
      if (figures !== undefined && !inputs.some((x) => x.storage === storage))
        figures.bytes += size * elementBytes(dtype);
    }
  }
}

const shapesOf = (result: unknown): Readonly<Record<string, Shape>> =>
  Object.fromEntries(tensorLeaves('summary', result).map(({ path, leaf }) => [path, leaf.shape] as const));
