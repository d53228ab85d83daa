/** The form of a stream's state: which leaves it has, and the tree of other leaves of that form. */
import { ValueError } from '@chronograd/tensor';
import { leaves, mapTree } from '@chronograd/tensor/engine';
import { describeState } from '../recurrent/state-leaves.ts';

export class StateForm<State> {
  readonly #example: State;
  readonly #description: string;
  readonly #index: ReadonlyMap<string, number>;

  constructor(example: State) {
    this.#example = example;
    this.#description = describeState(example);
    this.#index = new Map(sortedLeaves(example).map(({ path }, i) => [path, i]));
  }

  /** The leaves in the order of their paths. @throws ValueError for a state of another form. */
  leaves(op: string, state: unknown): readonly unknown[] {
    const got = describeState(state);
    if (got === this.#description) return sortedLeaves(state).map(({ leaf }) => leaf);
    throw new ValueError(
      `${op}: expected a state of the form ${this.#description}, got ${got}; a step must keep the form of initialState`,
    );
  }

  /** The state with these leaves. */
  build(all: readonly unknown[]): State {
    const at = (path: string): unknown => all[this.#index.get(path) as number];
    return mapTree('stream', this.#example, (_, path) => at(path)) as State;
  }
}

const sortedLeaves = (state: unknown): { readonly path: string; readonly leaf: unknown }[] =>
  leaves('stream', state).sort((a, b) => (a.path < b.path ? -1 : 1));
