/** Units that are on in a span of a text, and other places where they are. After LSTMVis, 2017. */

/** Values of each unit over time. */
export type Units = readonly (readonly number[])[];

/** A unit that is on in the whole span. */
export interface SelectedUnit {
  readonly unit: number;
  /** The share of the other characters where it is on too. */
  readonly elsewhere: number;
}

/** A unit is on where its value is in the upper part of its range. */
const ON = 0.6;

/** Whether each unit is on at each character. */
function on(values: readonly number[]): boolean[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => high > low && (value - low) / (high - low) >= ON);
}

/**
 * The units that are on at every character of the span, those first that are on at the fewest
 * others.
 * @param span its first and last character
 */
export function unitsOn(units: Units, [from, to]: readonly [number, number], most = 5): SelectedUnit[] {
  return units
    .flatMap((values, unit): SelectedUnit[] => {
      const shown = on(values);
      if (!shown.slice(from, to + 1).every((each) => each)) return [];
      const others = shown.filter((each, t) => each && (t < from || t > to)).length;
      return [{ unit, elsewhere: others / Math.max(1, shown.length - (to - from + 1)) }];
    })
    .sort((a, b) => a.elsewhere - b.elsewhere || a.unit - b.unit)
    .slice(0, most);
}

/** Other characters where all of the given units are on. */
export function placesOf(
  units: Units,
  chosen: readonly number[],
  [from, to]: readonly [number, number],
): number[] {
  if (chosen.length === 0) return [];
  const shown = chosen.map((unit) => on(units[unit]!));
  const length = shown[0]!.length;
  return Array.from({ length }, (_, t) => t).filter(
    (t) => (t < from || t > to) && shown.every((each) => each[t]),
  );
}
