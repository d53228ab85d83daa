/** State dicts: the parameters of a module by PyTorch's names. */
export type { Entries, StateForm } from './form.ts';
export { type LoadOptions, loadStateDict, type Unmatched } from './load.ts';
export { StateDictError } from './parameter-slots.ts';
export { type StateDict, stateDict } from './state-dict.ts';
