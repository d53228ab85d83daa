/** What all optimizers share: whose parameters they update, and by which gradients. */
import { leavesOf } from '@chronograd/autograd';
import { inPhase, type Parameter, ShapeError, showShape, type Tensor, ValueError } from '@chronograd/tensor';
import type { Module } from '../module.ts';

/**
 * Updates a module's parameters in place from a tree of gradients. Frozen parameters are passed by; tied ones are updated once.
 * In order of increasing complexity: `SGD`, `Adagrad`.
 */
export abstract class Optimizer {
  /** The learning rate; may be changed between updates. */
  lr: number;
  readonly #parameters: ReadonlyMap<string, Parameter>;

  /** @throws ValueError for a learning rate that is negative or not finite, and for a model without parameters. */
  constructor(model: Module, lr: number) {
    this.lr = lr;
    this.#checkRate();
    this.#parameters = new Map(model.namedParameters());
    if (this.#parameters.size === 0) {
      throw new ValueError(
        `${this.constructor.name}: a ${model.constructor.name} without parameters came, a model with some was expected; they must stand in its own fields, not in #private ones`,
      );
    }
  }

  /**
   * One step for every parameter that is not frozen.
   * @param grads as `valueAndGrad(model, …)` gives them, clipped or not.
   * @throws ShapeError where a parameter has no gradient, a gradient no parameter, or the two differ in shape or dtype: all names at once,
   * and nothing is updated. @throws ValueError where the learning rate has become negative or not finite.
   */
  update(grads: object): void {
    this.#checkRate();
    const gradients = new Map(leavesOf('update', grads).map(({ path, leaf }) => [path, leaf]));
    const wanted = [...this.#parameters].filter(([, parameter]) => !parameter.frozen);
    const missing = wanted.filter(([name]) => !gradients.has(name)).map(([name]) => name);
    const unexpected = [...gradients.keys()].filter((name) => !this.#parameters.has(name));
    const unlike = wanted.flatMap(([name, parameter]) => {
      const gradient = gradients.get(name);
      return gradient === undefined || showKind(gradient) === showKind(parameter)
        ? []
        : [`${name} (${showKind(gradient)} for ${showKind(parameter)})`];
    });
    if (missing.length + unexpected.length + unlike.length > 0) {
      throw new ShapeError(
        `update: gradients do not fit the model: missing ${list(missing)}; unexpected ${list(unexpected)}; of another shape or dtype ${list(unlike)}; pass the grads that valueAndGrad(model, …) returned`,
      );
    }
    inPhase('update', () => {
      for (const [name, parameter] of wanted) this.apply(name, parameter, gradients.get(name)!);
    });
  }

  #checkRate(): void {
    if (this.lr >= 0 && Number.isFinite(this.lr)) return;
    throw new ValueError(
      `${this.constructor.name}: lr ${this.lr} came, a finite number from 0 on was expected`,
    );
  }

  /** One parameter's step. */
  protected abstract apply(name: string, parameter: Parameter, gradient: Tensor): void;

  /** The parameters it updates, by name. */
  protected get parameters(): ReadonlyMap<string, Parameter> {
    return this.#parameters;
  }
}

const showKind = (x: Tensor): string => `${x.dtype} ${showShape(x.shape)}`;
const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
