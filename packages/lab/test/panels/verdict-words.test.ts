import { expect, test } from 'vitest';
import { divergence, lineOf } from '../../src/panels/verdict-words.ts';

const code = `import { x } from 'y';
export class A {
  weightHh = 1;
  step(x, h) {
    const z = linear(h, this.weightHh);
    return z;
  }
}
export function backward(problem) {
  const W = problem.cell.weightHh;
}
`;

test('The line is where the parameter is used: in the step, or in a handwritten backward', () => {
  const what = 'the gradient of cell.weightHh at [1, 0]: by hand 1, autograd 2';
  expect(lineOf(code, 'gradients', what)).toBe(5);
  expect(lineOf(code, 'backward', what)).toBe(10);
});

test('A parameter without a use has the line of the function, and no parameter none', () => {
  expect(lineOf(code, 'gradients', 'the gradient of cell.bias at [0]: a 1, b 2')).toBe(4);
  expect(lineOf(code, 'shapes', 'it threw TypeError: x')).toBeNull();
});

test('The step at which gradients diverge is a sentence, if the detail names one', () => {
  expect(divergence('manual and auto diverge at step 2 (states)')).toBe(
    ' Back in time, the first step that differs is 2.',
  );
  expect(divergence('no table')).toBe('');
  expect(divergence(null)).toBe('');
});
