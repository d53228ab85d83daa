/** Text and series as batches for training. See docs/data.md. */
export { type Indices, Streams, type StreamsOptions, type Window } from './corpus.ts';
export { DataLoader, type Dataset, type LoaderOptions, type LoaderState } from './loader.ts';
export { type PaddedBatch, type PaddedOptions, paddedBatches, type Sequence } from './padded.ts';
export { type ScalerStatistics, StandardScaler } from './scaler.ts';
export { type Series, type Split, type SplitOptions, splitByTime } from './series.ts';
export { type BytePairDefinition, BytePairEncoding, type BytePairOptions } from './text/byte-pair.ts';
export type { Merge } from './text/merges.ts';
export type { NormalForm, Normalization, Tokenizer } from './text/tokenizer.ts';
export { Vocabulary } from './text/vocabulary.ts';
export { type WordDefinition, type WordOptions, WordVocabulary } from './text/words.ts';
export { type Windows, type WindowsOptions, windows } from './windows.ts';
