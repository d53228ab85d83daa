/** State dicts: parameters by PyTorch's names, out of a module and into it. */
export { StateDictError } from './error.ts';
export type { Entries, StateForm } from './form.ts';
export { type LoadOptions, loadStateDict, type Unmatched } from './load.ts';
export { type StateDict, stateDict } from './state-dict.ts';
