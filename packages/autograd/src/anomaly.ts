/**
 * Finds the first op that *creates* a NaN or an infinity: its inputs are finite, its output is not.
 */
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
  runtime,
  withRecorder,
  withRuntime,
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

/** The tape's entry whose rule runs. */
interface Entry {
  readonly name: PrimitiveName;
  readonly params: unknown;
  readonly place: { toString(): string } | null;
}

/** Module path and time step of what runs now, as far as known: `recurrent.cell, time step 3`. */
export function presentPlace(): string | null {
  const { modulePath, timeStep } = runtime;
  const parts = [modulePath.at(-1) ?? '', timeStep === null ? '' : `time step ${timeStep}`];
  return parts.filter((part) => part !== '').join(', ') || null;
}

/**
 * Sets the time step that messages name. Call it with null after the loop. A loop that throws need
 * not.
 */
export function atTimeStep(step: number | null): void {
  runtime.timeStep = step;
}

/**
 * Runs `body` and checks every op in it, forward and backward. For debugging: each check reads a
 * whole tensor. A function of `customGradient` counts as one op, under its name.
 * @returns what `body` returns.
 * @throws AnomalyError naming the first op that made a NaN or infinity out of finite numbers, its
 * module path and time step.
 * @throws ScopeError for a promise: what runs after an `await` would not be checked.
 * @example detectAnomaly(() => lossAndGrads(x, y, state));
 */
export function detectAnomaly<R>(body: () => R): R {
  requireFunction('detectAnomaly', body, 'detectAnomaly(() => …)');
  // Without a detectAnomaly around it, the time step may be one that a loop has left behind by a
  // throw.
  const timeStep = runtime.checkAnomalies ? runtime.timeStep : null;
  const { modulePath } = runtime;
  const change = { checkAnomalies: true, locate: presentPlace, timeStep, modulePath };
  return withRuntime(change, () => refusePromise(withRecorder(watcher, body)));
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

/** Checks an addition in place, which recorders do not receive. */
export function watchSum(name: PrimitiveName, sum: Tensor, parts: readonly Tensor[], add: () => void): void {
  const fine = allFinite(sum) && parts.every(allFinite);
  add();
  if (fine && !allFinite(sum)) throw created(name, sum);
}

/** A function of `customGradient` is reported under its name. */
const opName = (name: PrimitiveName, params: unknown): string =>
  name === 'custom' ? (params as Primitives['custom']['params']).name : name;

function created(maker: string, bad: Tensor): AnomalyError {
  const worst = bad.toTypedArray().find((value) => !Number.isFinite(value));
  const { backwardOf } = runtime;
  const pass = backwardOf === null ? 'forward' : 'backward';
  const entry = backwardOf === 'inputs' ? null : (backwardOf as Entry | null);
  const op = entry === null ? maker : opName(entry.name, entry.params);
  const place = backwardOf === null ? presentPlace() : (entry?.place?.toString() ?? null);
  const at = place === null ? '' : ` at ${place}`;
  const what = backwardOf === 'inputs' ? "adding up an input's gradients" : `the backward of ${op}`;
  const how = backwardOf === null ? `${maker} made ${worst}` : `${what} made ${worst} (in ${maker})`;
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
