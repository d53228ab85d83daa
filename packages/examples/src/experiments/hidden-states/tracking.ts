/** Finds the unit that follows a feature. */
import { correlation, mean } from '../../common/statistics.ts';
import type { Feature } from './features.ts';

/** The best unit for a feature. */
export interface Tracked {
  readonly feature: string;
  readonly unit: number;
  /**
   * Correlations on the stretches where the unit was chosen, and on those between. For a feature
   * that needs memory: among places where the same character was just read, so that an echo of this
   * character does not count.
   */
  readonly chosen: number;
  readonly confirmed: number;
  /** The largest correlation by chance: the same search for the feature shifted along the text. */
  readonly chance: number;
}

/** The correlation on new text, negative if its sign differs from where the unit was chosen. */
export function agreement({ chosen, confirmed }: Pick<Tracked, 'chosen' | 'confirmed'>): number {
  return chosen < 0 ? -confirmed : confirmed;
}

/** Length of stretches. Units are chosen on every other one and tested on the rest. */
const STRETCH = 200;
/** Shifts of a feature, as shares of the text. */
const SHIFTS = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4];

/** The unit with the largest absolute correlation for each feature. */
export function trackedBy(
  units: readonly Float64Array[],
  text: readonly string[],
  features: readonly Feature[],
): Tracked[] {
  const halves = [stretches(text, 0), stretches(text, 1)] as const;
  const prepared = (kind: Feature['kind'], values: readonly number[], half: 0 | 1): readonly number[] =>
    kind === 'echo' ? stretches(values, half) : withoutMeansBy(halves[half], stretches(values, half));
  return (['memory', 'echo'] as const).flatMap((kind) => {
    const choosing = units.map((unit) => prepared(kind, [...unit], 0));
    const trying = units.map((unit) => prepared(kind, [...unit], 1));
    const best = (values: readonly number[]): Pick<Tracked, 'unit' | 'chosen' | 'confirmed'> => {
      const wanted = prepared(kind, values, 0);
      const { unit, chosen } = choosing
        .map((own, u) => ({ unit: u, chosen: correlation(own, wanted) }))
        .reduce((a, b) => (Math.abs(b.chosen) > Math.abs(a.chosen) ? b : a));
      return { unit, chosen, confirmed: correlation(trying[unit]!, prepared(kind, values, 1)) };
    };
    return features
      .filter((feature) => feature.kind === kind)
      .map(({ name, of }) => {
        const values = of(text);
        const chances = SHIFTS.map((share) => agreement(best(shifted(values, share))));
        return { feature: name, ...best(values), chance: Math.max(...chances) };
      });
  });
}

/** Values minus the mean of their character. */
function withoutMeansBy(characters: readonly string[], values: readonly number[]): readonly number[] {
  const groups = new Map<string, number[]>();
  characters.forEach((character, i) => {
    const group = groups.get(character);
    if (group === undefined) groups.set(character, [values[i]!]);
    else group.push(values[i]!);
  });
  const means = new Map([...groups].map(([character, group]) => [character, mean(group)]));
  return characters.map((character, i) => values[i]! - means.get(character)!);
}

function shifted(values: readonly number[], share: number): number[] {
  const by = Math.floor(values.length * share);
  return [...values.slice(by), ...values.slice(0, by)];
}

function stretches<T>(values: readonly T[], which: 0 | 1): T[] {
  return values.filter((_, i) => Math.floor(i / STRETCH) % 2 === which);
}
