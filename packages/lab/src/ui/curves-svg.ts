/** Curves as a figure to save: the live chart is a canvas. */

export interface Curve {
  readonly label: string;
  /** A number of the theme's series, from 1. */
  readonly series: number;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  readonly points?: boolean;
}

export const [WIDTH, HEIGHT] = [720, 400];
const MARGIN = { left: 64, right: 20, top: 40, bottom: 48 };
/** Tick marks of an axis, about. */
const TICKS = 5;

/**
 * The text of an SVG with axes and a legend. Values of a curve are those of updates 1, 2, ….
 * @param color gives the value of a color of the theme, such as `--muted`
 */
export function curvesSvg(curves: readonly Curve[], yLabel: string, color: (name: string) => string): string {
  const updates = Math.max(1, ...curves.map(({ values }) => values.length));
  const values = curves.flatMap(
    (curve) => curve.values.filter((value) => Number.isFinite(value)) as number[],
  );
  const [low, high] = [Math.min(...values, 0), Math.max(...values, Number.MIN_VALUE)];
  const x = (k: number): number =>
    MARGIN.left + ((k - 1) / Math.max(1, updates - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const text = (at: string, content: string, anchor = 'middle'): string =>
    `<text ${at} fill="${color('--muted')}" text-anchor="${anchor}">${escaped(content)}</text>`;
  const rows = ticks(low, high).map(
    (tick) =>
      `<path d="M${MARGIN.left} ${y(tick).toFixed(1)}H${WIDTH - MARGIN.right}" stroke="${color('--line')}"/>` +
      text(`x="${MARGIN.left - 8}" y="${(y(tick) + 4).toFixed(1)}"`, String(tick), 'end'),
  );
  const columns = ticks(0, updates).map((tick) =>
    text(
      `x="${x(Math.max(1, tick)).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 18}"`,
      String(Math.max(1, tick)),
    ),
  );
  const lines = curves.map(({ series, values, dashed, points }) => {
    const stroke = color(`--series-${series}`);
    const shown = [...values.entries()].filter(([, value]) => value !== null && Number.isFinite(value)) as [
      number,
      number,
    ][];
    const places = shown.map(([k, value]) => [x(k + 1).toFixed(1), y(value).toFixed(1)] as const);
    if (points)
      return places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${stroke}"/>`).join('');
    const dash = dashed ? ' stroke-dasharray="6 5"' : '';
    return `<polyline fill="none" stroke="${stroke}" stroke-width="1.5"${dash} points="${places.map((place) => place.join()).join(' ')}"/>`;
  });
  const legend = curves.map(
    ({ label, series }, i) =>
      `<text x="${MARGIN.left + (i * (WIDTH - MARGIN.left)) / curves.length}" y="22" fill="${color(`--series-${series}`)}" font-weight="600">${escaped(label)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="${color('--bg')}"/>`,
    ...rows,
    ...columns,
    text(`x="${(x(1) + x(updates)) / 2}" y="${HEIGHT - 10}"`, 'updates'),
    text(`transform="translate(16 ${(HEIGHT - MARGIN.bottom + MARGIN.top) / 2}) rotate(-90)"`, yLabel),
    ...lines,
    ...legend,
    '</svg>',
  ].join('\n');
}

/** Round numbers from low to high. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
