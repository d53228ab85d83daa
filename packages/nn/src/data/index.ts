/** Text and series as batches for training. See docs/data.md. */
export { Streams, type StreamsOptions, type Window } from './corpus.ts';
export { Vocabulary } from './text.ts';
