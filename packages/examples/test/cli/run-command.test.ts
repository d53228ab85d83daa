import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the body in a separate process. `readOut` false: closes its standard output at once. */
function run(body: string, args: readonly string[] = [], readOut = true): Promise<Ended> {
  const built = new URL('../../dist/cli/', import.meta.url).href;
  const script =
    `import { runCommand } from '${built}run-command.js';` +
    `import { RunFailure, UsageError } from '${built}errors.js';` +
    `await runCommand(${body});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...args]);
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (!readOut) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

test('a body that ends well ends with 0 and says nothing', async () => {
  expect(await run('() => {}')).toEqual({ code: 0, out: '', err: '' });
});

test('a mistake in use is one line on standard error and exit code 2', async () => {
  const body = "async () => { throw new UsageError('--hidden 0: expected\\n\\x1b[2J1'); }";
  expect(await run(body)).toEqual({ code: 2, out: '', err: 'error: --hidden 0: expected ␛[2J1\n' });
});

test('a run that cannot go on is one line on standard error and exit code 1, and no fault of the program', async () => {
  const body = "() => { throw new RunFailure('training diverged'); }";
  expect(await run(body)).toEqual({ code: 1, out: '', err: 'error: training diverged\n' });
});

test('any other error is one line with a hint and exit code 1, wherever it is thrown', async () => {
  const err = 'error: a bug (a fault in the program; --debug shows where)\n';
  for (const body of [
    "() => { throw new TypeError('a bug'); }",
    "() => { setTimeout(() => { throw new TypeError('a bug'); }, 1); }",
    "() => { Promise.reject(new TypeError('a bug')); }",
  ]) {
    expect(await run(body)).toEqual({ code: 1, out: '', err });
  }
  expect((await run("() => { throw 'text'; }")).err).toContain('error: text (');
});

test('the stack is shown on request', async () => {
  const { code, err } = await run("() => { throw new TypeError('a bug'); }", ['--debug']);
  expect(code).toBe(1);
  expect(err).toMatch(/^error: a bug\nTypeError: a bug\n {4}at /);
});

test('a reader of standard output that goes away ends the program quietly', async () => {
  const endless =
    '() => { const write = () => { process.stdout.write("x".repeat(1e5)); setImmediate(write); }; write(); }';
  expect(await run(endless, [], false)).toMatchObject({ code: 0, err: '' });
});
