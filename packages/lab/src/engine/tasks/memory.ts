/** Synthetic tasks that need memory: adding and copy. */
import { crossEntropy, mse } from '@chronograd/nn';
import { Random, scope, type Tensor } from '@chronograd/tensor';
import {
  COPIED,
  type Problem,
  problemOf,
  SYMBOLS,
  type TaskName,
} from '../../../../examples/src/experiments/common/problems.ts';
import { Model } from './model.ts';
import type { MakeTask, Task } from './task.ts';

const MEASURED = 200;

const WHAT: Readonly<Record<TaskName, Pick<Task, 'unit' | 'scale' | 'baselines'>>> = {
  adding: {
    unit: 'mean squared error',
    scale: 1,
    baselines: [{ label: 'the mean', score: 1 / 6 }],
  },
  copy: {
    unit: 'bits per symbol',
    scale: 1 / Math.LN2,
    baselines: [{ label: 'guessing', score: Math.log2(SYMBOLS) }],
  },
};

export const memoryTask =
  (task: TaskName): MakeTask =>
  ({ hiddenSize, steps: distance, batch, seed }) => {
    const adding = task === 'adding';
    const lossOf = (model: Model, x: Tensor, y: Tensor): Tensor => {
      if (adding) return mse(model.decoder.forward(model.recurrent.forward(x).outputs.select(-1)), y);
      const { logits } = model.forward(x);
      return crossEntropy(logits.slice([logits.shape[0]! - COPIED, logits.shape[0]!]), y);
    };
    const heldOut = problemOf({ task, distance, batch: MEASURED }, new Random(seed + 1000));
    return {
      ...WHAT[task],
      model: (program) =>
        new Model(program, {
          hiddenSize,
          seed,
          inputs: adding ? 2 : SYMBOLS + 2,
          outputs: adding ? 1 : SYMBOLS,
          indices: !adding,
        }),
      data: (model) => ({
        batches: problems((random) => problemOf({ task, distance, batch }, random), new Random(seed + 1)),
        loss: (x, y) => lossOf(model, x, y),
      }),
      measure: (model) => ({
        heldOut: WHAT[task].scale * scope(() => lossOf(model, heldOut.inputs, heldOut.targets).item()),
        sample: null,
      }),
    };
  };

function* problems(draw: (random: Random) => Problem, random: Random) {
  for (;;) {
    const { inputs, targets } = draw(random);
    yield [inputs, targets] as const;
  }
}
