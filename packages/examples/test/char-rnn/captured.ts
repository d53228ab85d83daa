/** A stream that keeps what is written to it, a terminal of `columns` where they are given. */
import { Writable } from 'node:stream';
import type { Output } from '../../src/char-rnn/progress/reporter.ts';

export interface Captured {
  readonly output: Output;
  text(): string;
}

export function captured(columns?: number): Captured {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const output = columns === undefined ? stream : Object.assign(stream, { isTTY: true, columns });
  return { output, text: () => text };
}
