/** How long training steps take. */
import type { CharacterTraining } from './characters.ts';

/**
 * Seconds that a training step takes: for each training, one number a round. In each round every training has its turn, so that what
 * slows the machine down for a while slows all of them; a round before the first, which makes plans and warms up, is not counted.
 * @param windows how many steps the i-th training does in a round
 */
export function stepSeconds(
  trainings: readonly CharacterTraining[],
  rounds: number,
  windows: (i: number) => number,
  now: () => number = () => performance.now(),
): number[][] {
  const seconds = trainings.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    trainings.forEach((training, i) => {
      const count = windows(i);
      const start = now();
      for (let window = 0; window < count; window++) training.step();
      if (round >= 0) seconds[i]!.push((now() - start) / 1000 / count);
    });
  }
  return seconds;
}
