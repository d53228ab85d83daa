/** Mistakes in windows, batches, scalers and vocabularies. */
const src = 'packages/nn/src/data';
const test = 'packages/nn/test/data';

export const data = [
  {
    name: 'window-off-by-one',
    mistake: 'The targets of a window begin with the last row of its inputs.',
    file: `${src}/windows.ts`,
    text: "'shifted' ? horizon : steps,",
    replacement: "'shifted' ? horizon : steps - 1,",
    test: `${test}/windows.property.test.ts`,
  },
  {
    name: 'window-last-lost',
    mistake: 'The last window of a series is left out.',
    file: `${src}/windows.ts`,
    text: '(table.rows - steps - horizon) / stride) + 1',
    replacement: '(table.rows - steps - horizon) / stride)',
    test: `${test}/windows.property.test.ts`,
  },
  {
    name: 'split-training-sees-validation',
    mistake: 'The training part of a split reaches into validation, so a scaler fits on both.',
    file: `${src}/series.ts`,
    text: 'part(0, validationFrom)',
    replacement: 'part(0, testFrom)',
    test: `${test}/windows.property.test.ts`,
  },
  {
    name: 'mask-inverted',
    mistake: 'The mask of a padded batch is 1 at padding.',
    file: `${src}/padded.ts`,
    text: 't < real[b]! ? 1 : 0',
    replacement: 't < real[b]! ? 0 : 1',
    test: `${test}/padded.test.ts`,
  },
  {
    name: 'resume-reshuffles',
    mistake: 'A restored loader keeps its own generator: the rest of the epoch is another order.',
    file: `${src}/loader.ts`,
    text: 'this.#random = Random.fromState(shuffle)',
    replacement: 'Random.fromState(shuffle)',
    test: `${test}/loader.property.test.ts`,
  },
  {
    name: 'shuffle-biased',
    mistake: 'A shuffle swaps each item with any other: some orders are likelier.',
    file: `${src}/loader.ts`,
    text: 'random.integer(i + 1)',
    replacement: 'random.integer(copy.length)',
    test: `${test}/loader.property.test.ts`,
  },
  {
    name: 'scaler-constant-by-sum',
    mistake: 'A constant feature is found by its standard deviation, which rounding makes positive.',
    file: `${src}/scaler.ts`,
    text: 'if (constant) return',
    replacement: 'if (!constant && sum === 0) return',
    test: `${test}/scaler.test.ts`,
  },
  {
    name: 'bpe-overlap-counted-once',
    mistake: 'Counts of pairs that a merge removes stay as they were.',
    file: `${src}/text/merges.ts`,
    text: 'count(piece, -1, found);',
    replacement: '',
    test: `${test}/text/byte-pair.test.ts`,
  },
  {
    name: 'bpe-ties-by-discovery',
    mistake: 'Equally frequent pairs are merged in the order in which the heap happens to hold them.',
    file: `${src}/text/merges.ts`,
    text: 'a.count === b.count && a.pair.key < b.pair.key',
    replacement: 'false',
    test: `${test}/text/byte-pair.test.ts`,
  },
];
