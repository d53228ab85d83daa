/** Programs of strangers run only when the user asks for it. */
import { presets } from '../presets/index.ts';

/** Whether the state has program text, in a field `code`, that is not one of the page's own. */
export function bringsCode(state: object): boolean {
  return Object.entries(state).some(([key, value]) => {
    if (typeof value === 'object' && value !== null) return bringsCode(value);
    return key === 'code' && value !== '' && !presets.some(({ code }) => code === value);
  });
}
