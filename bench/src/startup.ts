/**
 * Startup: a new process each time, from its start to its first gradient, and from import to first
 * gradient within it.
 */
import { spawn } from 'node:child_process';
import type { Case } from './cases.ts';
import type { Contestant } from './contestant-types.ts';
import type { CaseResult } from './results.ts';
import { caseResult, type Measured } from './rounds.ts';

/** Measures both startup cases in the same processes. */
export async function measureStartup(
  specs: readonly Case[],
  starters: readonly Contestant[],
  rounds: number,
): Promise<CaseResult[]> {
  const absent: string[] = [];
  const failures: string[] = [];
  const whole = new Map<Contestant, number[]>();
  const within = new Map<Contestant, number[]>();
  for (const contestant of starters) {
    if (contestant.absent === undefined) {
      whole.set(contestant, []);
      within.set(contestant, []);
    } else absent.push(`${contestant.name}: ${contestant.absent}`);
  }
  // An extra first round fills the file cache.
  for (let round = -1; round < rounds; round++) {
    for (const [contestant, times] of [...whole]) {
      try {
        const start = await startOnce(contestant);
        if (round < 0) continue;
        times.push(start.whole * 1e3);
        within.get(contestant)!.push(start.within * 1e3);
      } catch (error) {
        failures.push(`${contestant.name}: ${(error as Error).message}`);
        whole.delete(contestant);
        within.delete(contestant);
      }
    }
  }
  return specs.map((spec) => {
    const times = spec.kind === 'startup' && spec.whole ? whole : within;
    const measured = [...times].map(
      ([contestant, values]): Measured => ({ contestant, variant: '', values, cores: [], loss: null }),
    );
    return caseResult(spec, measured, absent, failures);
  });
}

/** Seconds from the start of a process to the line it prints, and the contents of that line. */
function startOnce({ startup, env }: Contestant): Promise<{ whole: number; within: number }> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(startup![0]!, startup!.slice(1), { env: { ...process.env, ...env } });
    let output = '';
    let complaints = '';
    let whole = 0;
    child.stdout.on('data', (data: Buffer) => {
      whole ||= (performance.now() - start) / 1e3;
      output += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      complaints += data.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const line = output.split('\n').find((each) => each.startsWith('{'));
      if (code !== 0 || line === undefined)
        reject(new Error(complaints.trim().split('\n').at(-1) ?? `code ${code}`));
      else resolve({ whole, within: (JSON.parse(line) as { seconds: number }).seconds });
    });
  });
}
