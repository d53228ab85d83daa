/** Programs of strangers run only when the user asks for it. */
import { findings } from '../findings.ts';
import { presets } from '../presets/index.ts';

/** The program texts of a state, which are in fields named `code`. */
const codesOf = (state: object): string[] =>
  Object.entries(state).flatMap(([key, value]) => {
    if (typeof value === 'object' && value !== null) return codesOf(value);
    return key === 'code' && value !== '' ? [value] : [];
  });

/** The texts of the page: prepared cells, and programs of the findings. */
const prepared = new Set([
  ...presets.map(({ code }) => code),
  ...findings.flatMap(({ state }) => codesOf(state)),
]);

/** Whether a state has program text that is not prepared. */
export const bringsCode = (state: object): boolean => codesOf(state).some((code) => !prepared.has(code));
