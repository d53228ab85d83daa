import { type CellSizes, cellLaws } from '@chronograd/nn/testing';
import { describe, test } from 'vitest';
import { zoo } from './zoo.ts';

describe.each(zoo)('%s', (name, make) => {
  const laws = cellLaws(
    ({ inputSize, hiddenSize, ...options }: CellSizes) => make(inputSize, hiddenSize, options),
    // One relu by itself may be dead, and then nothing depends on anything: four are not.
    { runs: 3, hiddenMultiple: name === 'ind-rnn' ? 4 : 1 },
  );
  for (const law of laws) test(law.name, law.check);
});
