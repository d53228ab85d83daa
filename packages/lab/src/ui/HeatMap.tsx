/** A matrix as an image: rows of units over time. Negative values have another colour. */
import { useMemo } from 'preact/hooks';

interface HeatMapProps {
  readonly rows: readonly (readonly number[])[];
  readonly chosen: number;
  readonly span: readonly [number, number] | null;
  readonly theme: string;
  readonly alt: string;
  readonly onChoose: (row: number) => void;
}

const WIDTH = 640;
const ROW_HEIGHT = 6;

export function HeatMap({ rows, chosen, span, theme, alt, onChoose }: HeatMapProps) {
  const columns = rows[0]!.length;
  const height = rows.length * ROW_HEIGHT;
  const image = useMemo(() => imageOf(rows), [rows, theme]);
  const width = WIDTH / columns;
  return (
    <svg
      class="heat"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={alt}
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const row = Math.floor(((event.clientY - box.top) / box.height) * rows.length);
        onChoose(Math.min(rows.length - 1, Math.max(0, row)));
      }}
    >
      <image href={image} width={WIDTH} height={height} preserveAspectRatio="none" />
      <rect class="span" x={0.5} y={chosen * ROW_HEIGHT} width={WIDTH - 1} height={ROW_HEIGHT} />
      {span !== null && (
        <rect
          class="span"
          x={span[0] * width}
          y={0.5}
          width={(span[1] - span[0] + 1) * width}
          height={height - 1}
        />
      )}
    </svg>
  );
}

/** A PNG with a pixel for each value. */
function imageOf(rows: readonly (readonly number[])[]): string {
  const canvas = document.createElement('canvas');
  canvas.width = rows[0]!.length;
  canvas.height = rows.length;
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(document.documentElement);
  const colors = [style.getPropertyValue('--series-1'), style.getPropertyValue('--series-2')];
  const largest = Math.max(...rows.flat().map(Math.abs));
  for (const [row, values] of rows.entries())
    for (const [column, value] of values.entries()) {
      context.globalAlpha = Math.abs(value) / largest;
      context.fillStyle = colors[value < 0 ? 1 : 0]!;
      context.fillRect(column, row, 1, 1);
    }
  return canvas.toDataURL();
}
