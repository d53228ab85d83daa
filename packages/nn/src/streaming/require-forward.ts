/** Checks that a model may read its inputs one at a time. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { Module } from '../module.ts';
import { CausalConv1d } from '../modules/causal-conv1d.ts';
import { layersOf } from '../recurrent/layers.ts';
import { Recurrent } from '../recurrent/recurrent.ts';

/** @throws ValueError for anything without the methods, and for a model that needs other steps. */
export function requireForward(model: unknown): void {
  const { forward, initialState } = (model ?? {}) as Record<string, unknown>;
  if (typeof forward !== 'function' || typeof initialState !== 'function') {
    throw new ValueError(
      `stream: expected a Recurrent, or a model with initialState(batch) and forward(x, state), got ${describeValue(model)}; pass model.recurrent, and what follows it as head`,
    );
  }
  if (!(model instanceof Module)) return;
  for (const [name, part] of model.namedModules()) {
    const at = name === '' ? '' : ` in ${name}`;
    if (part instanceof Recurrent && layersOf(part.cell).some((layer) => layer.length > 1)) {
      throw new ValueError(
        `stream: expected forward cells alone, got a backward cell${at}, whose outputs depend on later inputs; call forward on the whole sequence`,
      );
    }
    if (part instanceof CausalConv1d) {
      throw new ValueError(
        `stream: expected a model that keeps earlier inputs in its state alone, got a CausalConv1d${at}, which reads them from the sequence; call forward on the whole sequence`,
      );
    }
  }
}
