/** Hints at the mistake behind a failure, from the numbers. */
import { showNumber } from '../report.ts';

/** A number by autograd and by differences. */
interface Pair {
  readonly autograd: number;
  readonly differences: number;
}

/** The slopes of the function to either side of the worst element. */
export interface OneSidedSlopes {
  readonly left: number;
  readonly right: number;
  /** The gap over a step 8 times as long. Where the function is curved, it is 8 times as large. */
  readonly gapBefore: number;
  /** Gaps below this are rounding. */
  readonly noise: number;
}

/** @param failures all wrong pairs. @param sides at the worst of them, if one element moved. */
export function hintsFor(worst: Pair, failures: readonly Pair[], sides: OneSidedSlopes | null): string[] {
  const allFinite = (key: keyof Pair): boolean => failures.every((pair) => Number.isFinite(pair[key]));
  if (!allFinite('autograd'))
    return ["autograd's number is not finite: detectAnomaly(() => …) names the op whose backward made it"];
  if (!allFinite('differences'))
    return [
      'the function is not finite a small step away: the point is at the edge of its domain; move it inward',
    ];
  if (sides !== null && isKink(sides) && between(worst, sides))
    return [
      `the function has a kink there: its slope is ${showNumber(sides.left)} to the left and ${showNumber(sides.right)} to the right; check at a point away from kinks (relu and abs at 0, maximum of equal numbers)`,
    ];
  if (failures.every(({ autograd }) => autograd === 0))
    return [
      'autograd gives 0 wherever it is wrong: the value went through detach, stopGradient, item() or toArray(), or a comparison',
    ];
  const ratio = commonRatio(failures);
  if (ratio !== null) return [`autograd is ${showNumber(ratio)} times the differences wherever it is wrong`];
  return [
    'usual suspects: a missing term, a transpose, a sum over a broadcast axis, a cast to float32 inside',
  ];
}

function isKink({ left, right, gapBefore, noise }: OneSidedSlopes): boolean {
  const gap = Math.abs(right - left);
  return gap > 1e-3 * Math.max(Math.abs(left), Math.abs(right)) + noise && gap > gapBefore / 2;
}

/** Whether autograd's slope is between those of the two sides. At a kink any of them is right. */
function between({ autograd }: Pair, { left, right, noise }: OneSidedSlopes): boolean {
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
