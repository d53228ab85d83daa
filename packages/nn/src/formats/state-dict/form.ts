/** How a module is represented in a state dict. The module says it; no class is registered. */
import type { Shape } from '@chronograd/tensor';
import type { PlainArray } from '../exchange/elements.ts';

/** Arrays by the names that one module has for them: `weight_ih`, not `encoder.weight_ih_l0`. */
export type Entries = ReadonlyMap<string, PlainArray>;

/** Where a module's entries differ from the names of its fields. */
export interface StateForm {
  /**
   * Names of fields. The name of a module is a pattern in which `*` is replaced by the names inside
   * it: `*_l0` for the cell of a first layer, `*` for a module that adds nothing. Elements of
   * arrays are named by index: `cells.0.1`. Default: the field's name in snake_case, `decoder.*`
   * for a module.
   */
  readonly names?: Readonly<Record<string, string>>;
  /** Entries without a parameter, written as zeros for readers that need them. */
  readonly zeros?: Readonly<Record<string, Shape>>;
  /** Other names that are given to `adapt` if the state dict has them. */
  readonly alternatives?: readonly string[];
  /**
   * Makes the entries of this module's parameters from those in the state dict: its own, the zeros
   * and the alternatives, of which some may be missing.
   * @throws ValueError saying why that is impossible, and what is possible
   */
  readonly adapt?: (entries: Entries) => Entries;
}
