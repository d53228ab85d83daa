/** Laws by which a quantity may fall or grow with x: each a line through log y, over x, log x, or a power of x. */
import { linearFit, logarithmic } from '../../common/statistics.ts';

/** How a law's best fit does. */
export interface LawFit {
  /** The factor that y is typically off by: e to the root mean square of what log y is off by. 1 where the law is met. */
  readonly off: number;
  readonly r2: number;
}

export interface Laws {
  /** y ≈ A·rate^x. */
  readonly exponential: LawFit & { readonly rate: number };
  /** y ≈ A·x^exponent. */
  readonly power: LawFit & { readonly exponent: number };
  /** log y ≈ A − B·x^exponent; an exponent of 1 is the exponential law, which this one therefore never does worse than. */
  readonly stretched: LawFit & { readonly exponent: number };
}

/** Exponents between which that of the stretched law is looked for. */
export const EXPONENTS = [0.1, 4] as const;
/** Tries on each level, and levels: each looks closer around the best of the one before. */
const TRIES = 20;
const LEVELS = 5;

/** The best fit of each law. @param points with positive x; those whose y is not positive are left out */
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

/** Searches the exponent whose line is least off. */
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
