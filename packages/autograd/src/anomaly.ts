/** Finding the first op that *created* a NaN or an infinity: finite numbers went in, something else came out. */
import { ChronogradError, isFloat, type Tensor } from '@chronograd/tensor';
import {
  address,
  contiguous,
  floatKernelsFor,
  type PrimitiveName,
  type Primitives,
  type Recorder,
  refusePromise,
  requireFunction,
  withRecorder,
  withScope,
} from '@chronograd/tensor/engine';

/** A NaN or an infinity was created. */
export class AnomalyError extends ChronogradError {
  override readonly name = 'AnomalyError';
  /** The op that created it. In the backward pass, the op whose rule did. */
  readonly op: string;
  readonly pass: 'forward' | 'backward';
  /** Where the op ran: module path and time step, as far as known. */
  readonly place: string | null;

  constructor(op: string, pass: 'forward' | 'backward', place: string | null, what: string) {
    super(what);
    this.op = op;
    this.pass = pass;
    this.place = place;
  }
}

/** What a tape's entry tells. */
interface Walked {
  readonly name: PrimitiveName;
  readonly params: unknown;
  readonly place: string | null;
}

/** What tapes and modules tell of where the program is; read only while anomalies are looked for. */
class AnomalyWatch {
  watching = false;
  /** Paths of the modules that are running, outermost first. */
  readonly path: string[] = [];
  /** The time step of the innermost running loop. */
  step: number | null = null;
  /** In a backward pass: the entry whose rule runs, or that the inputs' gradients are being added up. */
  walking: Walked | 'inputs' | null = null;

  /** `recurrent.cell, time step 3`. */
  place(): string | null {
    const parts = [this.path.at(-1) ?? '', this.step === null ? '' : `time step ${this.step}`].filter(
      (part) => part !== '',
    );
    return parts.length === 0 ? null : parts.join(', ');
  }
}

export const anomaly: AnomalyWatch = new AnomalyWatch();

/** Tells where a time loop stands, for messages; null when it has ended. Costs one store. A loop left by a throw need not tell. */
export function atTimeStep(step: number | null): void {
  anomaly.step = step;
}

/**
 * Runs `body` and checks every op in it, forward and backward. For debugging: each check reads a whole tensor.
 * A function of `customGradient` counts as one op, under its name.
 * @returns what `body` returns.
 * @throws AnomalyError naming the first op that made a NaN or infinity out of finite numbers, its module path and time step.
 * @throws ScopeError for a promise: what runs after an `await` would not be watched.
 * @example detectAnomaly(() => lossAndGrads(x, y, state));
 */
export function detectAnomaly<R>(body: () => R): R {
  requireFunction('detectAnomaly', body, 'detectAnomaly(() => …)');
  const { watching, step } = anomaly;
  const depth = anomaly.path.length;
  anomaly.watching = true;
  // What a loop outside has left here may be old: it need not have ended in order.
  if (!watching) anomaly.step = null;
  try {
    return refusePromise(withRecorder(watcher, body));
  } finally {
    anomaly.watching = watching;
    anomaly.step = step;
    anomaly.path.length = depth;
  }
}

const watcher: Recorder = {
  record(name, inputs, params, output, others) {
    const outputs = others === null ? [output] : [output, ...others];
    const bad = outputs.find((each) => !allFinite(each));
    if (bad === undefined || inputs.some((each) => !allFinite(each))) return;
    throw created(opName(name, params), bad);
  },
  beforeWrite() {},
  differentiates: false,
};

/** Checks an addition in place, which no recorder hears of. */
export function watchSum(name: PrimitiveName, sum: Tensor, parts: readonly Tensor[], add: () => void): void {
  const fine = allFinite(sum) && parts.every(allFinite);
  add();
  if (fine && !allFinite(sum)) throw created(name, sum);
}

/** Functions with a backward of their own go by the name they were given. */
const opName = (name: PrimitiveName, params: unknown): string =>
  name === 'custom' ? (params as Primitives['custom']['params']).name : name;

function created(maker: string, bad: Tensor): AnomalyError {
  const worst = bad.toTypedArray().find((value) => !Number.isFinite(value));
  const { walking } = anomaly;
  const pass = walking === null ? 'forward' : 'backward';
  const entry = walking === 'inputs' ? null : walking;
  const op = entry === null ? maker : opName(entry.name, entry.params);
  const place = walking === null ? anomaly.place() : (entry?.place ?? null);
  const at = place === null ? '' : ` at ${place}`;
  const what = walking === 'inputs' ? "adding up an input's gradients" : `the backward of ${op}`;
  const how = walking === null ? `${maker} made ${worst}` : `${what} made ${worst} (in ${maker})`;
  return new AnomalyError(
    op,
    pass,
    place,
    `${pass} pass${at}: ${how} out of finite numbers; look at its inputs there: a log or division at 0, an exp of a large number, or a learning rate too high`,
  );
}

/** Whether all elements are finite. int32 always is. */
function allFinite(x: Tensor): boolean {
  const { dtype } = x;
  if (!isFloat(dtype)) return true;
  const largest = withScope(
    () => floatKernelsFor(dtype).maxAbs(address(contiguous(x)), x.size),
    (result) => result,
    false,
  );
  return Number.isFinite(largest);
}
