/** The model and the loss of a run, in its own thread and in workers. */
import { crossEntropy } from '@chronograd/nn';
import type { Replica } from '@chronograd/nn/parallel';
import { Random, type Tensor } from '@chronograd/tensor';
import { CharModel } from './char-model.ts';
import type { TrainConfiguration } from './settings.ts';

/** What the workers of a run receive. */
export interface ReplicaData {
  readonly vocabularySize: number;
  readonly configuration: TrainConfiguration;
}

type Loss = (x: Tensor, y: Tensor, before: unknown) => { readonly value: Tensor; readonly aux: unknown };

/** The loss of a window, and the state after it. */
export const lossOf =
  (model: CharModel, { reduction }: TrainConfiguration): Loss =>
  (x, y, before) => {
    const { logits, state } = model.forward(x, before);
    return { value: crossEntropy(logits, y, { reduction }), aux: state };
  };

/** Builds the model in a worker. Its weights are received. */
export function replica({ vocabularySize, configuration }: ReplicaData): Replica {
  const model = new CharModel(vocabularySize, configuration, new Random(configuration.seed));
  return { model, loss: lossOf(model, configuration) };
}
