import { type CellSizes, cellLaws } from '@chronograd/nn/testing';
import { describe, test } from 'vitest';
import { zoo } from './zoo.ts';

describe.each(zoo)('%s', (name, make) => {
  const laws = cellLaws(
    ({ inputSize, hiddenSize, ...options }: CellSizes) => make(inputSize, hiddenSize, options),
    // One relu may be dead, and then no output depends on any input. Four are not.
    { runs: 3, hiddenMultiple: name === 'ind-rnn' ? 4 : 1 },
  );
  for (const law of laws) test(law.name, law.check);
});
