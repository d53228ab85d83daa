/** Axes: domain, ticks, tick labels, and pixel positions. */
import { plain, powerOfTen } from '../common/format.ts';

/** Options of an axis. */
export interface Axis {
  /** Quantity and unit. */
  readonly label: string;
  readonly scale?: 'linear' | 'log';
  /** Fixed ends. Default: from the data. */
  readonly from?: number;
  readonly to?: number;
  /** Fixed ticks. Default: round numbers. */
  readonly ticks?: readonly number[];
  /** The axis ends at the data, not at a tick. Default: false. */
  readonly tight?: boolean;
  /** Formats a tick. Default: {@link plain}. */
  readonly format?: (value: number) => string;
}

/** An axis fitted to data. */
export interface Scale {
  readonly type: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** Clamps a value to the domain. NaN stays NaN. */
  readonly clamp: (value: number) => number;
  /** Pixel of a value within a range of pixels, and the inverse. */
  readonly toPixel: (value: number, range: readonly [number, number]) => number;
  readonly toValue: (pixel: number, range: readonly [number, number]) => number;
}

/** Fits an axis to values. @param most approximate number of ticks */
export function scaleOf(axis: Axis, values: readonly number[], most: number): Scale {
  const type = axis.scale ?? 'linear';
  const usable = values.filter((value) => Number.isFinite(value) && (type === 'linear' || value > 0));
  const low = axis.from ?? usable.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = axis.to ?? usable.reduce((top, value) => Math.max(top, value), Number.NEGATIVE_INFINITY);
  const [from, to] = low <= high ? [low, high] : [type === 'log' ? 0.1 : 0, 1];
  const { domain, ticks } =
    type === 'log' ? logTicks(axis, from, to, most) : linearTicks(axis, from, to, most);
  const [start, end] = domain;
  const warp = type === 'log' ? Math.log10 : (value: number): number => value;
  const back = type === 'log' ? (value: number): number => 10 ** value : (value: number): number => value;
  const span = warp(end) - warp(start);
  return {
    type,
    domain,
    ticks: axis.ticks ?? ticks,
    format: axis.format ?? (type === 'log' && Math.log10(end / start) > 6 ? powerOfTen : plain),
    clamp: (value) => Math.max(start, Math.min(end, value)),
    toPixel: (value, [a, b]) => a + ((warp(value) - warp(start)) / span) * (b - a),
    toValue: (pixel, [a, b]) => back(warp(start) + ((pixel - a) / (b - a)) * span),
  };
}

interface Fitted {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** Multiples of 1, 2 or 5 times a power of ten. Ends that are not fixed extend to a tick. */
function linearTicks(axis: Axis, low: number, high: number, most: number): Fitted {
  const pad = low === high ? Math.abs(low) / 2 || 1 : 0;
  const step = niceStep((high - low + 2 * pad) / most);
  const tight = axis.tight === true && pad === 0;
  const from = axis.from ?? (tight ? low : Math.floor((low - pad) / step + 1e-9) * step);
  const to = axis.to ?? (tight ? high : Math.ceil((high + pad) / step - 1e-9) * step);
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return { domain: [from, to], ticks };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  return times * power;
}

/** Powers of ten; every second or third if they are many, 1, 2, 5 in between if they are few. */
function logTicks(axis: Axis, low: number, high: number, most: number): Fitted {
  const decades = Math.log10(high) - Math.log10(low);
  const between = decades < 1.6 ? [1, 2, 5] : decades < 2.6 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / most));
  const first = Math.floor(Math.log10(low)) - every;
  const candidates: number[] = [];
  for (let power = first; power <= Math.ceil(Math.log10(high)) + every; power++) {
    if (between.length === 1 && power % every !== 0) continue;
    for (const each of between) candidates.push(Number(`${each}e${power}`));
  }
  const room = 10 ** (decades * 0.04 + 0.02);
  const from = axis.from ?? low / room;
  const to = axis.to ?? high * room;
  const ticks = candidates.filter((tick) => tick >= from && tick <= to);
  // One tick does not show the scale, so the free end with the closest tick extends to it.
  const outer = candidates
    .filter((tick) => (tick < from && axis.from === undefined) || (tick > to && axis.to === undefined))
    .sort((a, b) => outside(a, from, to) - outside(b, from, to))
    .slice(0, Math.max(0, 2 - ticks.length));
  return {
    domain: [Math.min(from, ...outer), Math.max(to, ...outer)],
    ticks: [...ticks, ...outer].sort((a, b) => a - b),
  };
}

/** Factor by which a value is outside an axis. */
function outside(value: number, from: number, to: number): number {
  return Math.max(from / value, value / to);
}
