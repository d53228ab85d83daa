/** Gates in the wrong order: the commonest mistake in handwritten gated cells, and one that the numbers show. */
import type { GateComparison } from './compare-report.ts';

/** How a gate compares, and which positions of the parameter it has. */
export interface GateBlock extends GateComparison {
  readonly range: readonly [from: number, to: number];
}

/** A sentence for each pair of gates that stand in one another's rows. @param allowed how far equal numbers may be apart. */
export function swappedGates(
  name: string,
  blocks: readonly GateBlock[],
  manual: ArrayLike<number>,
  auto: ArrayLike<number>,
  allowed: number,
): string[] {
  const wrong = blocks.filter(({ ok }) => !ok);
  /** Whether manual has in the rows of `a` what auto has in the rows of `b`. */
  const holds = ({ range: [a, end] }: GateBlock, { range: [b] }: GateBlock): boolean => {
    for (let i = 0; i < end - a; i++) {
      if (!(Math.abs(manual[a + i]! - auto[b + i]!) <= allowed)) return false;
    }
    return true;
  };
  return wrong.flatMap((a, i) =>
    wrong
      .slice(i + 1)
      .filter((b) => holds(a, b) && holds(b, a))
      .map((b) => `${name}: gates ${a.gate} and ${b.gate} are swapped: each has the other's gradient`),
  );
}
