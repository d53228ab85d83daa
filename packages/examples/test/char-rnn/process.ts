/** The programs as a person runs them: as processes, as built. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `train` or `sample` to its end.
 * @param engine - flags for Node itself
 * @param watch - is shown each line of standard output as it comes, and may send signals
 */
export function runProgram(
  program: 'train' | 'sample',
  args: readonly string[],
  {
    cwd,
    engine = [],
    watch,
  }: {
    readonly engine?: readonly string[];
    readonly cwd?: string;
    readonly watch?: (line: string, child: ChildProcessWithoutNullStreams) => void;
  } = {},
): Promise<Ended> {
  const file = fileURLToPath(new URL(`../../dist/char-rnn/${program}.js`, import.meta.url));
  const child = spawn(process.execPath, [...engine, file, ...args], { cwd });
  return new Promise((resolve) => {
    let [out, err, line] = ['', '', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const lines = (line + text).split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) watch?.(each, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
