/** Runs the blocks of a lesson, and compares what they print with what the page says. */
import './later-packages.ts';
import { format } from 'node-inspect-extracted';
import type { Job } from './job.ts';
import './later-packages.ts';
import { run } from './program.ts';

/** Code up to and including the comments with its expected output. */
export interface BlockPiece {
  readonly code: string;
  readonly expected: readonly string[];
}

export interface BlockSettings {
  /** The pieces of the lesson up to the end of the block. */
  readonly pieces: readonly BlockPiece[];
  /** The first piece of the block. What earlier ones print is not shown. */
  readonly from: number;
}

/** A printed line. `expected` is null for a line that the page does not show. */
export interface LineEvent {
  readonly line: string;
  readonly expected: string | null;
}

export const block: Job<BlockSettings, LineEvent> = async function* (_programs, { pieces, from }) {
  const printed: { readonly piece: number; readonly line: string }[] = [];
  let piece = 0;
  const log = (...values: unknown[]): void => {
    for (const line of format(...values).split('\n')) printed.push({ piece, line: line.trimEnd() });
  };
  const code = pieces.map((each) => each.code).join('pieceEnds();');
  run(code, { console: { ...console, log }, pieceEnds: () => piece++ });
  await new Promise((done) => setTimeout(done)); // promises of the program
  const counts = pieces.map(() => 0);
  for (const { piece, line } of printed) {
    if (piece < from) continue;
    yield { line, expected: pieces[piece]!.expected[counts[piece]!++] ?? null };
  }
  // Lines that the page promises and that were not printed.
  for (let k = from; k < pieces.length; k++)
    for (const expected of pieces[k]!.expected.slice(counts[k])) yield { line: '', expected };
};
