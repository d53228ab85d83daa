/** The figures of modules, and their totals. */
import type { Shape } from '@chronograd/tensor';

/** One module of a summary. */
export interface ModuleSummary {
  /** Where it is in the model: `recurrent.cell.0`; '' for the model. */
  readonly path: string;
  /** Its class. */
  readonly type: string;
  /** The shapes that its last call returned, by name; '' for a single tensor. */
  readonly outputs: Readonly<Record<string, Shape>>;
  /** How often it was called; a cell at each step. */
  readonly calls: number;
  /** Elements of the parameters in its own fields. A tied one counts at its first place. */
  readonly parameters: number;
  /** Those that are not frozen. */
  readonly trainable: number;
  /** Its own time, without the modules in it, as a share of all; null without a clock. */
  readonly timeShare: number | null;
  /** The bytes of tensors that it made, without the modules in it. */
  readonly bytes: number;
  /** `bytes` as a share of all. */
  readonly memoryShare: number;
  /** Floating-point operations of products that it makes itself. */
  readonly flops: number;
  /** The modules in it. */
  readonly children: readonly ModuleSummary[];
}

/** The figures of a model. */
export interface Totals {
  /** The model, with all modules in it. */
  readonly root: ModuleSummary;
  /** All modules in the order of the table. Their figures add up to those of the model. */
  readonly modules: readonly ModuleSummary[];
  readonly parameters: number;
  readonly trainable: number;
  /** Of one run; null without a clock. */
  readonly milliseconds: number | null;
  /** The bytes of all tensors that a run makes. Parameters and views are not among them. */
  readonly bytes: number;
  /** Floating-point operations of products. */
  readonly flops: number;
}
