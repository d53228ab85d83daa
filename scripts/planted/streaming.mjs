/** Mistakes in streams and forecasts. */
const src = 'packages/nn/src/streaming';
const test = 'packages/nn/test/streaming';

export const streaming = [
  {
    name: 'stream-state-overlaps',
    mistake: 'A state that holds a part of the one before is copied after that part is overwritten.',
    file: `${src}/buffers.ts`,
    text: '  if (!source.storage.persistent) return source;',
    replacement: '  if (source !== null) return source;',
    test: `${test}/stream.test.ts`,
  },
  {
    name: 'stream-drops-out',
    mistake: 'Dropout stays on in a stream.',
    file: 'packages/nn/src/internal/evaluation.ts',
    text: 'evaluating: true',
    replacement: 'evaluating: false',
    test: `${test}/stream.test.ts`,
  },
  {
    name: 'stream-output-aliased',
    mistake: 'Earlier outputs change with the next push.',
    file: `${src}/live.ts`,
    text: "return copyOfBuffer(this.#run('push', x));",
    replacement: "return this.#run('push', x);",
    test: `${test}/stream.test.ts`,
  },
  {
    name: 'forecast-moves-stream',
    mistake: 'A forecast leaves the stream in the state after the forecast.',
    file: `${src}/live.ts`,
    text: "      this.#assign(state, 'ahead');",
    replacement: '',
    test: `${test}/forecast.test.ts`,
  },
  {
    name: 'forecast-skips-first',
    mistake: 'The first value of a forecast is the one after next.',
    file: `${src}/forecast.ts`,
    text: 'const outputs = [output];',
    replacement: 'const outputs = [live.push(inputOf(next, output))];',
    test: `${test}/forecast.test.ts`,
  },
];
