/** Laws of growth or decay: each is a line through log y, over x, log x, or a power of x. */
import { linearFit, logarithmic } from '../../common/statistics.ts';

/** Quality of a law's best fit. */
export interface LawFit {
  /**
   * Typical factor between y and the fit: e to the root mean square of the residuals of log y. 1
   * for a perfect fit.
   */
  readonly off: number;
  readonly r2: number;
}

export interface Laws {
  /** y ≈ A·rate^x. */
  readonly exponential: LawFit & { readonly rate: number };
  /** y ≈ A·x^exponent. */
  readonly power: LawFit & { readonly exponent: number };
  /**
   * log y ≈ A − B·x^exponent. Contains the exponential law as exponent 1, so it never fits worse.
   */
  readonly stretched: LawFit & { readonly exponent: number };
}

/** Search interval for the exponent of the stretched law. */
export const EXPONENTS = [0.1, 4] as const;
/** Tries per level, and levels. Each level refines around the best of the previous one. */
const TRIES = 20;
const LEVELS = 5;

/** The best fit of each law. @param points with positive x; those with y ≤ 0 are ignored */
export function lawsOf(points: readonly (readonly [x: number, y: number])[]): Laws {
  const logs = logarithmic(points);
  const over = (warp: (x: number) => number): LawFit & { readonly slope: number } => {
    const { slope, r2, rms } = linearFit(logs.map(([x, y]) => [warp(x), y]));
    return { slope, off: Math.exp(rms), r2 };
  };
  const { slope: decay, ...exponential } = over((x) => x);
  const { slope: exponent, ...power } = over(Math.log);
  return {
    exponential: { ...exponential, rate: Math.exp(decay) },
    power: { ...power, exponent },
    stretched: stretchedLaw((tried) => over((x) => x ** tried)),
  };
}

/** Searches the exponent with the smallest residuals. */
function stretchedLaw(fitOf: (exponent: number) => LawFit): Laws['stretched'] {
  const of = (exponent: number): Laws['stretched'] => {
    const { off, r2 } = fitOf(exponent);
    return { exponent, off, r2 };
  };
  const [least, most] = EXPONENTS;
  let [best, from, to]: [Laws['stretched'], number, number] = [of(1), least, most];
  for (let level = 0; level < LEVELS; level++) {
    const step = (to - from) / TRIES;
    for (let i = 0; i <= TRIES; i++) {
      const tried = of(from + i * step);
      if (tried.off < best.off) best = tried;
    }
    [from, to] = [Math.max(least, best.exponent - step), Math.min(most, best.exponent + step)];
  }
  return best;
}
