/** Checks that a loss depends on all parameters of a model, and on no others. */
import { dependencies, type ValueOrAux } from '@chronograd/autograd';
import { ChronogradError, Parameter, ValueError } from '@chronograd/tensor';
import { describeValue, holds, livingContainers, nameOf, showShape } from '@chronograd/tensor/engine';
import { requireModule } from '../internal/require.ts';
import { Module } from '../module.ts';
import { traced } from './anomaly.ts';

/** A loss uses parameters that would not be trained, or a model has some that it does not use. */
export class TrainingError extends ChronogradError {
  override readonly name = 'TrainingError';
  /**
   * Parameters that the loss uses and the model does not expose: `weight [3, 2] of a Linear, used
   * by matmul (decoder)`.
   */
  readonly hidden: readonly string[];
  /** Names of the parameters that the loss does not depend on. */
  readonly unused: readonly string[];

  constructor(model: string, hidden: readonly string[], unused: readonly string[]) {
    const parts = [
      ...(hidden.length === 0
        ? []
        : [
            `the loss depends on parameters that ${model} does not expose, so they would not be trained: ${hidden.join('; ')}; put them into public fields of a module (not #private ones, Maps or closures), or freeze them`,
          ]),
      ...(unused.length === 0
        ? []
        : [
            `the loss does not depend on ${unused.join(', ')} of ${model}; use or remove them, or freeze them`,
          ]),
    ];
    super(`checkTraining: ${parts.join('. And ')}`);
    this.hidden = hidden;
    this.unused = unused;
  }
}

/**
 * Checks before training that the loss depends on the model's parameters and on no others. It runs
 * `loss` once, without gradients.
 *
 * Frozen parameters are ignored. If `model` is a part, such as a head, the rest of its whole model
 * may stay untrained.
 * @param loss as for `valueAndGrad(model, loss)`.
 * @param batch the arguments of `loss`. It should use all of the model.
 * @throws TrainingError naming the parameters that the loss uses and the model does not expose (in
 * #private fields, Maps, closures), and those that it exposes and the loss does not use.
 * @example checkTraining(model, (x, y) => crossEntropy(model.forward(x), y), [x, y]);
 */
export function checkTraining<Batch extends readonly unknown[]>(
  model: Module,
  loss: (...batch: NoInfer<Batch>) => ValueOrAux<unknown>,
  batch: readonly [...Batch],
): void {
  const op = 'checkTraining';
  requireModule(op, model);
  if (typeof loss !== 'function')
    throw new ValueError(`${op}: expected a function for the loss, got ${describeValue(loss)}`);
  if (!Array.isArray(batch)) {
    throw new ValueError(
      `${op}: expected an array of the loss's arguments, got ${describeValue(batch)}; write ${op}(model, loss, [x, y])`,
    );
  }
  const shown = new Map(model.namedParameters().map(([name, parameter]) => [parameter, name]));
  const used = traced(model, () => dependencies(op, () => loss(...(batch as unknown as Batch)))).filter(
    ({ tensor }) => tensor instanceof Parameter,
  );
  const reached = used.filter((each) => each.reached);
  const around = parametersAround(model);
  const hidden = reached.flatMap(({ tensor, op: first, place }) => {
    const parameter = tensor as Parameter;
    if (shown.has(parameter) || around.has(parameter) || parameter.frozen) return [];
    return [`${describeParameter(parameter)}, used by ${first}${place === null ? '' : ` (${place})`}`];
  });
  const found = new Set(reached.map(({ tensor }) => tensor));
  const cut = new Set(used.map(({ tensor }) => tensor));
  const unused = [...shown].flatMap(([parameter, name]) =>
    parameter.frozen || found.has(parameter)
      ? []
      : [cut.has(parameter) ? `${name} (used, but no gradient reaches it)` : name],
  );
  if (hidden.length + unused.length > 0) throw new TrainingError(nameOf(model), hidden, unused);
}

/** All modules that have not been collected, except those that cannot be read. */
function livingModules(): Module[] {
  return livingContainers().filter((each): each is Module => each instanceof Module && isReadable(each));
}

/** Whether no getter throws. Modules that have nothing to do with the loss are read, too. */
function isReadable(node: object): boolean {
  try {
    Object.values(node);
    return true;
  } catch {
    return false;
  }
}

/** The parameters of all modules that `model` is a part of. */
function parametersAround(model: Module): ReadonlySet<Parameter> {
  const wholes = livingModules().filter(
    (each) => each !== model && holds(each, (part) => part === model, partsOf),
  );
  return new Set(wholes.flatMap((whole) => whole.parameters()));
}

/** The fields of a module or an array. */
const partsOf = (node: unknown): object | null =>
  Array.isArray(node) || (node instanceof Module && isReadable(node)) ? node : null;

/** `weight [3, 2] of a Linear` if a living module has it, otherwise `a Parameter [3, 2]`. */
function describeParameter(parameter: Parameter): string {
  const shape = showShape(parameter.shape);
  for (const module of livingModules()) {
    const [field] = Object.entries(module).find(([, value]) => value === parameter) ?? [];
    if (field !== undefined) return `${field} ${shape} of a ${nameOf(module)}`;
  }
  return `a Parameter ${shape}`;
}
