/** A text in rows, whose characters are shaded and can be chosen. */

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

const COLUMNS = 40;
const [CELL_WIDTH, CELL_HEIGHT] = [16, 28];

export function CharGrid({ characters, fills, marked, alt, onPoint }: CharGridProps) {
  const rows = Math.ceil(characters.length / COLUMNS);
  return (
    <svg
      class="chars"
      viewBox={`0 0 ${COLUMNS * CELL_WIDTH} ${rows * CELL_HEIGHT}`}
      role="img"
      aria-label={alt}
      onPointerMove={(event) => point(event, onPoint, characters.length)}
      onPointerDown={(event) => point(event, onPoint, characters.length)}
    >
      {characters.map((character, i) => {
        const [x, y] = [(i % COLUMNS) * CELL_WIDTH, Math.floor(i / COLUMNS) * CELL_HEIGHT];
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

function point(event: PointerEvent, onPoint: (index: number, pressed: boolean) => void, count: number): void {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * COLUMNS);
  const rows = Math.ceil(count / COLUMNS);
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  const index = row * COLUMNS + Math.min(COLUMNS - 1, Math.max(0, column));
  if (index >= 0 && index < count) onPoint(index, event.buttons > 0);
}

/** A theme colour at a strength from 0 to 1. */
export const shade = (series: number, strength: number): string =>
  `color-mix(in srgb, var(--series-${series}) ${Math.round(85 * strength)}%, transparent)`;
