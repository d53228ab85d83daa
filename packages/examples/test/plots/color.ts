/** Colors as eyes see them, for tests: none of this is what drawings are made with. */

/** Linear light from 0 to 1. */
function linear(hex: string): [r: number, g: number, b: number] {
  const of = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [of(1), of(3), of(5)];
}

/** The contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [r, g, b2] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

type Matrix = readonly (readonly [number, number, number])[];

/**
 * Whose eyes: all three kinds of cones, or without those for long or middle waves (Machado,
 * Oliveira and Fernandes, 2009, severity 1).
 */
export const EYES: Readonly<Record<'all cones' | 'protanopia' | 'deuteranopia', Matrix>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

const times = (matrix: Matrix, v: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, each, i) => sum + each * v[i]!, 0));

/**
 * How far apart two colors are in OKLab (Ottosson, 2020): black and white are 1 apart, and 0.02 is
 * about the least that is seen.
 */
export function distance(a: string, b: string, eyes: Matrix): number {
  const lab = (hex: string): number[] => {
    const seen = times(eyes, linear(hex)).map((value) => Math.max(0, Math.min(1, value)));
    const cones = times(
      [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
      ],
      seen,
    ).map(Math.cbrt);
    return times(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      cones,
    );
  };
  const [one, two] = [lab(a), lab(b)];
  return Math.hypot(...one.map((value, i) => value - two[i]!));
}
