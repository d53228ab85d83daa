/** Looking on while the cells of a model run. */
import { type Tensor, ValueError } from '@chronograd/tensor';
import { Cell, ProjectedCell, type Step } from '../cell.ts';
import type { Module } from '../module.ts';
import { type Probe, probing, withProbe } from '../probing.ts';
import { mapState, stateLeaves } from '../testing/state.ts';
import { cover } from './cover.ts';

/** What is told of cells. Every tensor that it returns has the values of the one that came. */
export interface Observer {
  /** A tensor of a step has names: `cell.i`, or `cell.output` and `cell.state.h`. */
  seen(names: readonly string[], x: Tensor): Tensor;
  /** What was seen last under these names was padding in part; this is what the loop goes on with. */
  settled?(names: readonly string[], x: Tensor): Tensor;
  /** One step of the cell at a path. */
  around?(cell: Cell<unknown>, path: string, run: () => Step<unknown>): Step<unknown>;
}

/**
 * Runs `body` while an observer looks on at the cells of `model`: those in a time loop, and those whose `step` somebody calls.
 * @param stepwise whether a `ProjectedCell` is to project within each step, not all steps at once.
 */
export function observe<R>(model: Module, observer: Observer, stepwise: boolean, body: () => R): R {
  const outer = probing;
  const paths = new Map<Cell<unknown>, string>();
  for (const [path, module] of model.namedModules()) {
    if (module instanceof Cell && !paths.has(module)) paths.set(module, path);
  }
  const probe: Probe = {
    tap(cell, name, x) {
      if (/^(state|output)(\.|$)/.test(name)) {
        throw new ValueError(
          `tap: the name ${name} came from ${cell.constructor.name}, another one was expected: probes call a step's results output and state`,
        );
      }
      const y = outer === null ? x : outer.tap(cell, name, x);
      const path = paths.get(cell);
      return path === undefined ? y : observer.seen([join(path, name)], y);
    },
    settled(cell, step) {
      const after = outer === null ? step : outer.settled(cell, step);
      const path = paths.get(cell);
      if (path === undefined || observer.settled === undefined) return after;
      return visited(path, after, (names, x) => observer.settled?.(names, x) ?? x);
    },
  };
  const undo = [...paths].flatMap(([cell, path]) => coverSteps(cell, path, observer, stepwise));
  try {
    return withProbe(probe, body);
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

/** A step with `visit` applied to each of its tensors: once for one that is output and state. */
function visited(
  path: string,
  { output, state }: Step<unknown>,
  visit: (names: readonly string[], x: Tensor) => Tensor,
): Step<unknown> {
  const names = new Map<Tensor, string[]>([[output, [join(path, 'output')]]]);
  for (const { leaf, path: at } of stateLeaves(state)) {
    names.set(leaf, [...(names.get(leaf) ?? []), join(join(path, 'state'), at)]);
  }
  const after = new Map([...names].map(([x, each]) => [x, visit(each, x)]));
  const of = (x: Tensor): Tensor => after.get(x) ?? x;
  return { output: of(output), state: mapState(state, of) };
}

/** Covers the methods of a cell that run a step. @returns what takes that back, in the order in which it was done. */
function coverSteps(
  cell: Cell<unknown>,
  path: string,
  observer: Observer,
  stepwise: boolean,
): (() => void)[] {
  /** Whether a step runs already: `step` of a projected cell calls `advance`. */
  let inside = false;
  const within = (run: () => Step<unknown>): Step<unknown> => {
    if (inside) return run();
    inside = true;
    try {
      const step = observer.around === undefined ? run() : observer.around(cell, path, run);
      return visited(path, step, (names, x) => observer.seen(names, x));
    } finally {
      inside = false;
    }
  };
  const step = cell.step.bind(cell);
  const undo = [cover(cell, 'step', (x: Tensor, state: unknown) => within(() => step(x, state)))];
  if (!(cell instanceof ProjectedCell)) return undo;
  const project = cell.project.bind(cell);
  const advance = cell.advance.bind(cell);
  // Stepwise, the loop gets the inputs as they are, and each step projects its own.
  if (stepwise) undo.push(cover(cell, 'project', (x: Tensor) => (inside ? project(x) : x)));
  undo.push(
    cover(cell, 'advance', (x: Tensor, state: unknown) =>
      inside ? advance(x, state) : within(() => advance(stepwise ? project(x) : x, state)),
    ),
  );
  return undo;
}

/** `cell.i`; the name alone where the model is the cell. */
export const join = (path: string, name: string): string =>
  path === '' || name === '' ? path + name : `${path}.${name}`;
