/** The rule law: every primitive keeps every law, and none goes without samples. */
import { rules } from '@chronograd/autograd';
import { type PrimitiveName, type Recorder, withRecorder } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Tape } from '../../src/tape.ts';
import { toTensor } from './plain.ts';
import { samples } from './samples/index.ts';
import { settings, testLaws } from './suite.ts';

const names = Object.keys(samples) as PrimitiveName[];

test('every primitive that has a rule has samples, and every row of samples is of such a primitive', () => {
  expect(names.toSorted()).toEqual(Object.keys(rules).toSorted());
});

describe.each(names)('%s', (name) => {
  test('its samples run the primitive that they are samples of', () => {
    const ran = new Set<PrimitiveName>();
    const listener: Recorder = { record: (each) => ran.add(each), beforeWrite: () => {} };
    for (const { inputs, call } of fc.sample(samples[name], settings)) {
      const x = inputs.map((each) => toTensor(each));
      // A checkpoint of tensors that no tape tracks records nothing.
      const tape = new Tape();
      for (const each of x) tape.watch(each);
      withRecorder(tape, () => withRecorder(listener, () => call(...x)));
    }
    expect(ran).toContain(name);
  });

  testLaws(samples[name]);
});
