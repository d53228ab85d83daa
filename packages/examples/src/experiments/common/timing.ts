/** Times of training steps. */
import type { CharacterTraining } from './characters.ts';

/**
 * Seconds of a training step, by training and round. Trainings take turns in each round, so that
 * other load on the machine affects all of them. A first round to make plans and warm up is not
 * counted.
 * @param windows steps of the i-th training in a round
 */
export async function stepSeconds(
  trainings: readonly CharacterTraining[],
  rounds: number,
  windows: (i: number) => number,
  now: () => number = () => performance.now(),
): Promise<number[][]> {
  const seconds = trainings.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, training] of trainings.entries()) {
      const count = windows(i);
      const start = now();
      for (let window = 0; window < count; window++) await training.step();
      if (round >= 0) seconds[i]!.push((now() - start) / 1000 / count);
    }
  }
  return seconds;
}
