/** What a failure looks like, in words: the usual mistakes leave traces in the numbers. */
import { showNumber } from '../text-table.ts';

/** A number by autograd and by differences. */
interface Pair {
  readonly autograd: number;
  readonly differences: number;
}

/** How fast the function changes to either side of the worst element. */
export interface Sides {
  readonly left: number;
  readonly right: number;
  /** How far the sides were apart over a step eight times as long: where the function is only curved, eight times as far. */
  readonly gapBefore: number;
  /** Differences between the sides below this are rounding. */
  readonly noise: number;
}

const NOTHING_KNOWN =
  'usual suspects: a missing term, a transpose, a sum over a broadcast axis, a cast to float32 inside';

/** @param worst of `failures`, all pairs that failed. @param sides at the worst, where one element moved alone. */
export function hintsFor(worst: Pair, failures: readonly Pair[], sides: Sides | null): string[] {
  if (failures.some(({ autograd }) => !Number.isFinite(autograd))) {
    return ["autograd's number is not finite: detectAnomaly(() => …) names the op whose backward made it"];
  }
  if (failures.some(({ differences }) => !Number.isFinite(differences))) {
    return [
      'a small step away the function is not finite: the point is at the edge of its domain; move it inward',
    ];
  }
  if (sides !== null && isKink(sides) && between(worst, sides)) {
    return [
      `the function has a kink there: its slope is ${showNumber(sides.left)} to the left and ${showNumber(sides.right)} to the right; check at a point away from kinks (relu and abs at 0, maximum of equal numbers)`,
    ];
  }
  if (failures.every(({ autograd }) => autograd === 0)) {
    return [
      'autograd says 0 wherever it is wrong: the value went through detach, stopGradient, item() or toArray(), or a comparison',
    ];
  }
  const ratio = commonRatio(failures);
  if (ratio !== null) return [`autograd is ${showNumber(ratio)} times the differences wherever it is wrong`];
  return [NOTHING_KNOWN];
}

function isKink({ left, right, gapBefore, noise }: Sides): boolean {
  const gap = Math.abs(right - left);
  return gap > 1e-3 * Math.max(Math.abs(left), Math.abs(right)) + noise && gap > gapBefore / 2;
}

/** Autograd may pick any slope between those of the two sides. */
function between({ autograd }: Pair, { left, right, noise }: Sides): boolean {
  const slack = 1e-3 * Math.max(Math.abs(left), Math.abs(right)) + noise;
  return autograd >= Math.min(left, right) - slack && autograd <= Math.max(left, right) + slack;
}

/** The factor that autograd is off by, where it is the same everywhere. */
function commonRatio(failures: readonly Pair[]): number | null {
  const ratios = failures.map(({ autograd, differences }) => autograd / differences);
  const low = Math.min(...ratios);
  const high = Math.max(...ratios);
  return failures.length > 1 && high - low <= 1e-6 * Math.abs(high) ? Number(high.toPrecision(7)) : null;
}
