/** Runs so small that a test can afford many. */
import { createHash } from 'node:crypto';
import { writeSafetensors } from '@chronograd/nn/safetensors';
import { PRESETS } from '../../src/char-rnn/configuration.ts';
import { simple } from '../../src/char-rnn/corpora/generated.ts';
import type { TrainConfiguration } from '../../src/char-rnn/settings.ts';
import { type Hooks, Trainer } from '../../src/char-rnn/trainer.ts';
import { prepareText } from '../../src/char-rnn/training-text.ts';

/** Short enough for the streams to end and begin again within a few dozen iterations. */
export const tinyText: string = simple().slice(0, 2_000);

/** Sizes with a tail in every SIMD loop. */
export const tinyConfiguration: TrainConfiguration = {
  ...PRESETS.default,
  hidden: 19,
  steps: 7,
  batch: 3,
  lr: 0.1,
  iterations: 1_000_000,
  seconds: null,
};

/** A trainer of the tiny text. */
export function tinyTrainer(changes: Partial<TrainConfiguration> = {}, hooks?: Hooks): Trainer {
  const configuration = { ...tinyConfiguration, ...changes };
  return new Trainer(prepareText({ name: 'tiny', text: tinyText }, configuration), configuration, hooks);
}

/** So many steps; gives their losses. */
export async function steps(trainer: Trainer, count: number): Promise<number[]> {
  const losses: number[] = [];
  if (count === 0) return losses;
  for await (const event of trainer)
    if (event.type === 'step' && losses.push(event.loss) === count) return losses;
  throw new Error(`the run ended after ${losses.length} steps`);
}

/** SHA-256 of all tensors of a run: weights, accumulators, hidden state. */
export function tensorsHash(trainer: Trainer): string {
  return createHash('sha256').update(writeSafetensors(trainer.snapshot().tensors)).digest('hex');
}
