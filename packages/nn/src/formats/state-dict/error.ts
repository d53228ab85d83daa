import { ChronogradError } from '@chronograd/tensor';

/** A state dict and a module that do not fit each other. Nothing was loaded. */
export class StateDictError extends ChronogradError {
  override readonly name = 'StateDictError';
  /** Names that the module has and the dict has not. */
  readonly missing: readonly string[];
  /** Names that the dict has and the module has not. */
  readonly unexpected: readonly string[];

  constructor(message: string, missing: readonly string[] = [], unexpected: readonly string[] = []) {
    super(message);
    this.missing = missing;
    this.unexpected = unexpected;
  }
}
