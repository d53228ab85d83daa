/** A summary that prints as a table. */
import type { ModuleSummary, Totals } from './module-summary.ts';
import { tableOf } from './table.ts';

/** A summary of a model, which prints as a table. */
export class ModelSummary implements Totals {
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

  constructor(root: ModuleSummary, milliseconds: number | null) {
    const listed = (each: ModuleSummary): readonly ModuleSummary[] => [
      each,
      ...each.children.flatMap(listed),
    ];
    const sum = (of: (each: ModuleSummary) => number): number =>
      this.modules.reduce((total, each) => total + of(each), 0);
    this.root = root;
    this.modules = listed(root);
    this.parameters = sum((each) => each.parameters);
    this.trainable = sum((each) => each.trainable);
    this.milliseconds = milliseconds;
    this.bytes = sum((each) => each.bytes);
    this.flops = sum((each) => each.flops);
  }

  /** The table: a row for each module. */
  toString(): string {
    return tableOf(this);
  }
}
