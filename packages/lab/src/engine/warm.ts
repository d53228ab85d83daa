/** Runs a small program once, so that the engine compiles the kernels and the hot functions. */
import { compile } from './program.ts';
import { verdict } from './verdict.ts';

const PROGRAM = `
import { RNNCell } from '@chronograd/nn';
export class Warm extends RNNCell {}
export const makeCell = ({ inputSize, hiddenSize, ...options }) => new Warm(inputSize, hiddenSize, options);
`;

/** The first event of a verdict: a forward pass. */
export function warm(): void {
  for (const _ of verdict([compile(PROGRAM)], { runs: 1 }) as Iterable<unknown>) return;
}
