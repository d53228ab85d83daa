/** Which unit goes with which feature. */
import { correlation } from '../common/statistics.ts';

/** A unit that tracks a feature. */
export interface Tracked {
  readonly feature: string;
  readonly unit: number;
  /** The correlation on the stretches of the text where the unit was chosen, and on those between, where it was not. */
  readonly chosen: number;
  readonly confirmed: number;
  /** What the best of all units gets by chance: chosen and tried on the feature shifted by a third of the text. */
  readonly chance: number;
}

/** Every other stretch of so many characters is for choosing, the rest for trying. */
const STRETCH = 200;

/** The unit with the largest correlation, by either sign, for each feature. */
export function trackedBy(
  units: readonly Float64Array[],
  features: readonly (readonly [name: string, values: readonly number[]])[],
): Tracked[] {
  const choosing = units.map((unit) => stretches([...unit], 0));
  const trying = units.map((unit) => stretches([...unit], 1));
  const best = (values: readonly number[]): Omit<Tracked, 'feature' | 'chance'> => {
    const wanted = stretches(values, 0);
    const { unit, chosen } = choosing
      .map((own, u) => ({ unit: u, chosen: correlation(own, wanted) }))
      .reduce((a, b) => (Math.abs(b.chosen) > Math.abs(a.chosen) ? b : a));
    return { unit, chosen, confirmed: correlation(trying[unit]!, stretches(values, 1)) };
  };
  return features.map(([feature, values]) => {
    const third = Math.floor(values.length / 3);
    const shifted = [...values.slice(third), ...values.slice(0, third)];
    return { feature, ...best(values), chance: Math.abs(best(shifted).confirmed) };
  });
}

function stretches(values: readonly number[], which: 0 | 1): number[] {
  return values.filter((_, i) => Math.floor(i / STRETCH) % 2 === which);
}
