/** Where a broken law points to: a step, a line. */

/** The step at which two gradients part, as a sentence. Empty if the detail names none. */
export function divergence(detail: string | null): string {
  const found = detail?.match(/diverge at step (\d+)/);
  return found === null || found === undefined
    ? ''
    : ` Back in time, the first step that differs is ${found[1]}.`;
}

/**
 * The line to look at first: where the gradient's parameter is used, in `backward` if that is what
 * is checked, in `step` otherwise.
 * @returns a number from 1, or null if the sentence names no parameter of the text
 */
export function lineOf(code: string, law: string, what: string): number | null {
  const path = what.match(/gradient of (?:cell\.)?([\w.]+)/)?.[1];
  if (path === undefined) return null;
  const word = new RegExp(`\\b${path.split('.')[0]}\\b`);
  const lines = code.split('\n');
  const start = lines.findIndex((text) =>
    (law === 'backward' ? /function backward/ : /^\s+step\(/).test(text),
  );
  const found = lines.findIndex((text, i) => i > start && word.test(text));
  if (found !== -1) return found + 1;
  return start === -1 ? null : start + 1;
}
