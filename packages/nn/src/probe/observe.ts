/** Looking on while the cells of a model run. */
import { withoutCheckpoints } from '@chronograd/autograd';
import { type Tensor, ValueError } from '@chronograd/tensor';
import { joinPath, nameOf, requireFunction } from '@chronograd/tensor/engine';
import { Cell, ProjectedCell, type Step } from '../cells/cell.ts';
import { isObserving, type Probe, presentProbe, withProbe } from '../internal/probing.ts';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { mapLeaves, stateLeaves } from '../recurrent/state-leaves.ts';
import { cover } from './cover.ts';

/** What is told of cells. Every tensor that it returns has the values of the one that came. */
export interface Observer {
  /** A cell named a tensor of a step: `cell.i`. */
  named(name: string, x: Tensor): Tensor;
  /** A step gave a tensor. It has a name or more: `cell.output` and `cell.state.h`. */
  given(names: readonly string[], x: Tensor): Tensor;
  /** Some rows of the step that ran were padding. @param blank puts 0 there. */
  padded?(blank: (x: Tensor) => Tensor): void;
  /** What a step gave last under these names was padding in part; this is what the loop goes on with. */
  settled?(names: readonly string[], x: Tensor): Tensor;
  /** One step of the cell at a path. */
  around?(cell: Cell<unknown>, path: string, run: () => Step<unknown>): Step<unknown>;
}

/** How an observer looks on. */
export interface Manner {
  /** Whether a `ProjectedCell` is to project within each step, not all steps at once. */
  readonly stepwise: boolean;
  /** Whether the observer walks back itself: others around it that do so hear nothing of what runs. */
  readonly walks: boolean;
}

/**
 * Runs `body` while an observer looks on at the cells of `model`: those in a time loop, and those whose `step` somebody calls. Checkpoints rest, for what
 * they run again would be seen again.
 * @throws ValueError for what is no module, or has no cells.
 */
export function observe<R>(
  op: string,
  model: Module,
  observer: Observer,
  { stepwise, walks }: Manner,
  body: () => R,
): R {
  requireFunction(op, body, `${op}(model, () => …)`);
  const outer = aroundOf(walks);
  const paths = pathsOf(op, model);
  const pathOf: ReadonlyMap<object, string> = paths;
  const probe: Probe = {
    outer,
    walks,
    tap(cell, name, x) {
      if (/^(state|output)(\.|$)/.test(name)) {
        throw new ValueError(
          `tap: the name ${name} came from ${nameOf(cell)}, another one was expected: probes call a step's results output and state`,
        );
      }
      const y = outer === null ? x : outer.tap(cell, name, x);
      const path = pathOf.get(cell);
      return path === undefined ? y : observer.named(joinPath(path, name), y);
    },
    selected(cell, step, blank) {
      const after = outer === null ? step : outer.selected(cell, step, blank);
      observer.padded?.(blank);
      const path = pathOf.get(cell);
      if (path === undefined || observer.settled === undefined) return after;
      return visited(path, after, (names, x) => observer.settled?.(names, x) ?? x);
    },
  };
  const undo: (() => void)[] = [];
  try {
    for (const [cell, path] of paths) undo.push(...coverSteps(cell, path, probe, observer, stepwise));
    return withProbe(probe, () => withoutCheckpoints(body));
  } finally {
    for (const restore of undo) restore();
  }
}

/** Who looks on already, and hears what runs. */
function aroundOf(walks: boolean): Probe | null {
  let outer = presentProbe();
  while (walks && outer?.walks === true) outer = outer.outer;
  return outer;
}

/** The cells of a model, each by its first path. */
function pathsOf(op: string, model: Module): ReadonlyMap<Cell<unknown>, string> {
  const paths = new Map<Cell<unknown>, string>();
  for (const [path, module] of requireModule(op, model).namedModules()) {
    if (module instanceof Cell && !paths.has(module)) paths.set(module, path);
  }
  if (paths.size > 0) return paths;
  throw new ValueError(`${op}: ${nameOf(model)} came, which has no cells; a module with some was expected`);
}

/** A step with `visit` applied to each of its tensors: once for one that is output and state. */
function visited(
  path: string,
  { output, state }: Step<unknown>,
  visit: (names: readonly string[], x: Tensor) => Tensor,
): Step<unknown> {
  const names = new Map<Tensor, string[]>([[output, [joinPath(path, 'output')]]]);
  for (const { leaf, path: at } of stateLeaves(state)) {
    names.set(leaf, [...(names.get(leaf) ?? []), joinPath(joinPath(path, 'state'), at)]);
  }
  const after = new Map([...names].map(([x, each]) => [x, visit(each, x)]));
  const of = (x: Tensor): Tensor => after.get(x) ?? x;
  return { output: of(output), state: mapLeaves(state, of) };
}

/** Covers the methods of a cell that run a step, as long as a probe listens. @returns what takes that back. */
function coverSteps(
  cell: Cell<unknown>,
  path: string,
  probe: Probe,
  observer: Observer,
  stepwise: boolean,
): (() => void)[] {
  /** Whether a step runs already: `step` of a projected cell calls `advance`. */
  let inside = false;
  const passing = (): boolean => inside || !isObserving(probe);
  const within = (run: () => Step<unknown>): Step<unknown> => {
    inside = true;
    try {
      const step = observer.around === undefined ? run() : observer.around(cell, path, run);
      return visited(path, step, (names, x) => observer.given(names, x));
    } finally {
      inside = false;
    }
  };
  const step = cell.step.bind(cell);
  const undo = [
    cover(cell, 'step', (x: Tensor, state: unknown) =>
      passing() ? step(x, state) : within(() => step(x, state)),
    ),
  ];
  if (!(cell instanceof ProjectedCell)) return undo;
  const project = cell.project.bind(cell);
  const advance = cell.advance.bind(cell);
  // Stepwise, the loop gets the inputs as they are, and each step projects its own.
  if (stepwise) undo.push(cover(cell, 'project', (x: Tensor) => (passing() ? project(x) : x)));
  undo.push(
    cover(cell, 'advance', (x: Tensor, state: unknown) =>
      passing() ? advance(x, state) : within(() => advance(stepwise ? project(x) : x, state)),
    ),
  );
  return undo;
}
