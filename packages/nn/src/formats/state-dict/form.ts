/** How a module stands in a state dict: data that it gives, and no list of classes that someone has to keep. */
import type { Shape } from '@chronograd/tensor';
import type { PlainArray } from '../exchange/elements.ts';

/** Arrays by the names that one module has for them: `weight_ih`, not `encoder.weight_ih_l0`. */
export type Entries = ReadonlyMap<string, PlainArray>;

/** What of a module is not as the names of its fields say. */
export interface StateForm {
  /**
   * Names of fields, where they are not the field's own in snake_case. For a module the name is a pattern in which `*` stands for the names
   * inside of it: `decoder.*` unless given, `*_l0` for the cell of a first layer, `*` for a module that adds nothing to the names. What stands in
   * an array is named by its place: `cells.0.1`.
   */
  readonly names?: Readonly<Record<string, string>>;
  /** Entries that are written as zeros, for readers that look for them, though this module has no such parameter. */
  readonly zeros?: Readonly<Record<string, Shape>>;
  /** Other names under which this module's values may come, for `adapt`. */
  readonly alternatives?: readonly string[];
  /**
   * Makes the entries of this module's parameters from those that came (its own, the zeros, the alternatives; some may be missing).
   * @throws ValueError with a sentence that says why it is not possible, and what is
   */
  readonly adapt?: (entries: Entries) => Entries;
}
