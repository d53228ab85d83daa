/** Mistakes in the programs `train` and `sample`. */
const src = 'packages/examples/src/char-rnn';
const test = 'packages/examples/test/char-rnn';

export const programs = [
  {
    name: 'train-top-p-stops-early',
    mistake: 'Top-p leaves out the character with which the probabilities reach the share.',
    file: `${src}/sampling.ts`,
    text: 'sum < topP * total',
    replacement: 'sum + of(count) < topP * total',
    test: `${test}/sampling.test.ts`,
  },
  {
    name: 'train-saves-last-weights',
    mistake: 'A saved run is read with its last weights, not with those of the best held-out loss.',
    file: `${src}/saved-run.ts`,
    text: "? 'best' : 'model'",
    replacement: "? 'model' : 'model'",
    test: `${test}/flags.test.ts`,
  },
  {
    name: 'train-text-part-cuts-character',
    mistake: 'A part of a text may end within a character.',
    file: `${src}/corpora/text-file.ts`,
    text: 'end < size ? wholeCharacters(joined) : joined.length',
    replacement: 'joined.length',
    test: `${test}/corpora/text-file.test.ts`,
  },
  {
    name: 'train-text-indices-overflow',
    mistake: 'The index of the 257th distinct character is stored in one byte.',
    file: `${src}/character-indexer.ts`,
    text: 'index === 1 << 8',
    replacement: 'index === 1 << 9',
    test: `${test}/training-text.test.ts`,
  },
  {
    name: 'train-evaluates-silently',
    mistake: 'Long evaluations during training show no progress.',
    file: `${src}/trainer.ts`,
    text: "'evaluating on held-out text', work)",
    replacement: "'evaluating on held-out text', silently)",
    test: `${test}/flags.test.ts`,
  },
  {
    name: 'train-schedule-ignores-length',
    mistake: 'The learning-rate schedule has another length than the run.',
    file: `${src}/optimizers.ts`,
    text: 'SCHEDULES[schedule](iterations)',
    replacement: 'SCHEDULES[schedule](2 * iterations)',
    test: `${test}/flags.test.ts`,
  },
];
