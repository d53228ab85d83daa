/** A text in rows, whose characters are shaded and can be chosen. */
import { narrow } from './narrow.ts';

interface CharGridProps {
  readonly characters: readonly string[];
  /** A colour for each character, or null. */
  readonly fills: readonly (string | null)[];
  /** Characters with a frame. */
  readonly marked?: ReadonlySet<number>;
  readonly alt: string;
  /** Called for the character under the pointer; `pressed` while a button is down. */
  readonly onPoint: (index: number, pressed: boolean) => void;
}

const [CELL_WIDTH, CELL_HEIGHT] = [16, 28];

export function CharGrid({ characters, fills, marked, alt, onPoint }: CharGridProps) {
  const columns = narrow.value ? 20 : 40;
  const rows = Math.ceil(characters.length / columns);
  return (
    <svg
      class="chars"
      viewBox={`0 0 ${columns * CELL_WIDTH} ${rows * CELL_HEIGHT}`}
      role="img"
      aria-label={alt}
      onPointerMove={(event) => onPoint(...pointed(event, columns, characters.length))}
      onPointerDown={(event) => onPoint(...pointed(event, columns, characters.length))}
    >
      {characters.map((character, i) => {
        const [x, y] = [(i % columns) * CELL_WIDTH, Math.floor(i / columns) * CELL_HEIGHT];
        return (
          <g key={i} transform={`translate(${x} ${y})`}>
            <rect
              class={marked?.has(i) ? 'char marked' : 'char'}
              x={0.5}
              y={2.5}
              width={CELL_WIDTH - 1}
              height={CELL_HEIGHT - 5}
              style={{ fill: fills[i] ?? 'transparent' }}
            />
            <text x={CELL_WIDTH / 2} y={18} text-anchor="middle">
              {visible(character)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** Spaces and line ends, so that they can be seen. */
export const visible = (character: string): string =>
  character === ' ' ? '·' : character === '\n' ? '↵' : character;

/** The character under the pointer, and whether a button is down. */
function pointed(
  event: PointerEvent,
  columns: number,
  count: number,
): readonly [index: number, pressed: boolean] {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const part = (at: number, from: number, size: number, of: number): number =>
    Math.min(of - 1, Math.max(0, Math.floor(((at - from) / size) * of)));
  const column = part(event.clientX, box.left, box.width, columns);
  const row = part(event.clientY, box.top, box.height, Math.ceil(count / columns));
  return [Math.min(count - 1, row * columns + column), event.buttons > 0];
}

/** A theme colour at a strength from 0 to 1. */
export const shade = (series: number, strength: number): string =>
  `color-mix(in srgb, var(--series-${series}) ${Math.round(85 * strength)}%, transparent)`;
