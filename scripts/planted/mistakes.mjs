/** Every planted mistake, and the check that each can still be planted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { around } from './around.mjs';
import { gradients } from './autograd.mjs';
import { cells } from './cells.mjs';
import { data } from './data.mjs';
import { fit } from './fit.mjs';
import { kernels } from './kernels.mjs';
import { kit } from './kit.mjs';
import { composedOps } from './ops.mjs';
import { parallel } from './parallel.mjs';
import { perExample } from './per-example.mjs';
import { programs } from './programs.mjs';
import { recurrent } from './recurrent.mjs';
import { sequences } from './sequences.mjs';
import { streaming } from './streaming.mjs';
import { tensors } from './tensor.mjs';
import { training } from './training.mjs';

/**
 * A mistake that real libraries have made or might make, as a substitution.
 * @typedef {object} Mistake
 * @property {string} name
 * @property {string} mistake what is wrong, in one sentence
 * @property {string} file where it is planted
 * @property {string} text code that `file` contains exactly once: short and without comments, so
 * that it rarely changes
 * @property {string} replacement what `text` is replaced by
 * @property {string} test the test file that must fail
 */

/** @type {readonly Mistake[]} */
export const mistakes = [
  ...kernels,
  ...tensors,
  ...gradients,
  ...perExample,
  ...composedOps,
  ...recurrent,
  ...training,
  ...fit,
  ...parallel,
  ...kit,
  ...sequences,
  ...streaming,
  ...around,
  ...cells,
  ...data,
  ...programs,
];

/**
 * The file with the mistake in it. @throws Error if the file does not contain the text exactly once
 */
export function planted(source, { text, replacement }) {
  const times = source.split(text).length - 1;
  if (times !== 1) throw new Error(`expected exactly one ${JSON.stringify(text)}, got ${times}`);
  return source.replace(text, () => replacement);
}

/** One line for each mistake that cannot be planted in the tree at `root`. */
export function problemsIn(root) {
  const names = mistakes.map(({ name }) => name);
  return mistakes.flatMap((mistake, i) => {
    const { name, file, text, replacement, test } = mistake;
    const problems = [];
    if (names.indexOf(name) !== i) problems.push('expected a unique name, got a used one');
    if (text === replacement) problems.push('expected a replacement that differs from the text');
    if (!existsSync(join(root, test)))
      problems.push(`expected a test file, got ${test}, which does not exist`);
    try {
      planted(readFileSync(join(root, file), 'utf8'), mistake);
    } catch (error) {
      problems.push(error.message);
    }
    return problems.map((problem) => `${name} (${file}): ${problem}`);
  });
}
