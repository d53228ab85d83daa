/** Worker threads of Node. They run the built packages. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('children/threads.mjs', import.meta.url));

/** Runs `children/threads.mjs`. A thread that is left would keep it running. */
async function run(
  options: object,
): Promise<{ readonly hash: string; readonly error: string | null; step: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(options)]);
  const { text, ...rest } = JSON.parse(stdout) as { text: string; error: string | null; step: number };
  return { hash: createHash('sha256').update(text).digest('hex'), ...rest };
}

test.each([4, 6])('50 steps have the same bits with 1, 2 and 3 threads on %i shards', async (shards) => {
  const [one, two, three] = await Promise.all([1, 2, 3].map((count) => run({ shards, count, steps: 50 })));
  expect(one?.step).toBe(50);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
});

describe('A run whose thread', () => {
  test.each([
    ['throws', 'throw', /^WorkerError: fit: worker 1: RangeError: planned failure$/],
    ['exits', 'exit', /^WorkerError: fit: worker 1: the thread has ended with exit code 7$/],
    ['has an unhandled rejection', 'reject', /^WorkerError: fit: worker 1: planned rejection$/],
    ['is terminated', 'terminate', /^WorkerError: fit: worker 1: the thread has ended with exit code 1$/],
  ])('%s ends with that error, and keeps its last update', async (_, fail, message) => {
    const { error, step, hash } = await run({ shards: 2, count: 2, steps: 50, fail, plan: false });
    expect(error).toMatch(message);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(50);
    expect(hash).toBe((await run({ shards: 2, count: 1, steps: step, plan: false })).hash);
  });

  test('cannot be loaded ends with an error that names its module', async () => {
    const { error } = await run({ shards: 2, count: 2, steps: 2, module: './missing.mjs' });
    expect(error).toMatch(/^WorkerError: fit: worker 1: Cannot find module .*missing\.mjs/);
  });
});
