/** Compares two runs of one program bit for bit. */
import type { Tensor } from '@chronograd/tensor';
import type { Step } from './program.ts';
import type { Results, Run } from './settings.ts';

/** Errors that depend on the setting. Later results then differ. */
const OF_THE_SETTING = ['PlanError', 'ScopeError', 'OutOfMemoryError', 'VersionError'];

/** Shape, dtype and values. All NaNs are equal: the payload is not compared. */
export function bitsOf(x: Tensor): string {
  const head = `${x.dtype}[${x.shape}]`;
  if (x.size > 4096) return head;
  try {
    return `${head} ${Array.from(x.toTypedArray(), (value) => (Object.is(value, -0) ? '-0' : String(value)))}`;
  } catch (error) {
    return `${head} ${(error as Error).name}`; // a view of freed memory
  }
}

/** The difference, or null. */
export function difference(found: Run, expected: Run): { readonly step: Step; readonly what: string } | null {
  if (found.failure !== null || expected.failure !== null) return null;
  const { replayed } = found;
  return (
    of(found, expected, 'the reference') ?? (replayed && of(replayed, found, 'the call before a replay'))
  );
}

function of(found: Results, expected: Results, which: string): ReturnType<typeof difference> {
  for (const [i, step] of found.steps.entries()) {
    const other = expected.steps[i] as Step;
    if (OF_THE_SETTING.includes(step.error ?? '') || OF_THE_SETTING.includes(other.error ?? '')) return null;
    const what = ofSteps(step, other);
    if (what !== null) return { step, what: `${what} (${which})` };
  }
  const what = ofTensors(found.grads, expected.grads);
  return what === null ? null : { step: found.steps.at(-1) as Step, what: `gradient: ${what} (${which})` };
}

function ofSteps(found: Step, expected: Step): string | null {
  if ((found.error === null) !== (expected.error === null))
    return `${found.error ?? 'no error'} ≠ ${expected.error ?? 'no error'}`;
  if (found.rest !== expected.rest) return `${found.rest} ≠ ${expected.rest}`;
  return ofTensors(found.tensors, expected.tensors);
}

function ofTensors(found: readonly Tensor[], expected: readonly Tensor[]): string | null {
  if (found.length !== expected.length) return `${found.length} ≠ ${expected.length} tensors`;
  for (const [i, x] of found.entries()) {
    const [own, other] = [bitsOf(x), bitsOf(expected[i] as Tensor)];
    if (own !== other) return `${own.slice(0, 200)} ≠ ${other.slice(0, 200)}`;
  }
  return null;
}
