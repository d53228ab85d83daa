/** Hooks on the cells of a model while they run. */
import { withoutCheckpoints } from '@chronograd/autograd';
import { type Tensor, ValueError } from '@chronograd/tensor';
import { joinPath, nameOf, requireFunction } from '@chronograd/tensor/engine';
import { Cell, ProjectedCell, type Step } from '../cells/cell.ts';
import { WrappedCell } from '../cells/wrapped.ts';
import { isObserving, type Probe, presentProbe, withProbe } from '../internal/probing.ts';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { mapLeaves, stateLeaves } from '../recurrent/state-leaves.ts';
import { patchMethod } from './patch-method.ts';

/** Called for tensors of cells. A returned tensor replaces the argument and has the same values. */
export interface Hooks {
  /** For a tensor that a cell named: `cell.i`. */
  named(name: string, x: Tensor): Tensor;
  /** For a result of a step, with one or more names: `cell.output` and `cell.state.h`. */
  given(names: readonly string[], x: Tensor): Tensor;
  /** After a step in which some rows were padding. @param blank zeroes these rows */
  padded?(blank: (x: Tensor) => Tensor): void;
  /** For the result of a partly padded step after padding was undone. */
  selected?(names: readonly string[], x: Tensor): Tensor;
  /** Runs one step of the cell at a path. */
  around?(cell: Cell<unknown>, path: string, run: () => Step<unknown>): Step<unknown>;
}

/** Options of `withHooks`. */
export interface HookOptions {
  /** Whether a `ProjectedCell` projects in each step, not all steps at once. */
  readonly stepwise: boolean;
  /** Whether the hooks run a backward pass. Enclosing hooks that do so ignore events during it. */
  readonly walks: boolean;
}

/**
 * Runs `body` with hooks on the cells of `model`, in a time loop or called by `step`. Checkpoints
 * are disabled: a recomputed step would be recorded twice.
 * @throws ValueError unless `model` is a module with cells.
 */
export function withHooks<R>(
  op: string,
  model: Module,
  hooks: Hooks,
  { stepwise, walks }: HookOptions,
  body: () => R,
): R {
  requireFunction(op, body, `${op}(model, () => …)`);
  const outer = enclosing(walks);
  const paths = pathsOf(op, model);
  const pathOf = withInner(paths);
  const probe: Probe = {
    outer,
    walks,
    tap(cell, name, x) {
      if (/^(state|output)(\.|$)/.test(name)) {
        throw new ValueError(
          `tap: expected a name other than ${name} from ${nameOf(cell)}; output and state are the results of a step`,
        );
      }
      const y = outer === null ? x : outer.tap(cell, name, x);
      const path = pathOf.get(cell);
      return path === undefined ? y : hooks.named(joinPath(path, name), y);
    },
    selected(cell, step, blank) {
      const after = outer === null ? step : outer.selected(cell, step, blank);
      hooks.padded?.(blank);
      const path = pathOf.get(cell);
      if (path === undefined || hooks.selected === undefined) return after;
      return mapResults(path, after, (names, x) => hooks.selected?.(names, x) ?? x);
    },
  };
  const undo: (() => void)[] = [];
  try {
    for (const [cell, path] of paths) undo.push(...patchSteps(cell, path, probe, hooks, stepwise));
    return withProbe(probe, () => withoutCheckpoints(body));
  } finally {
    for (const restore of undo) restore();
  }
}

/** The enclosing probe that is notified of what runs. */
function enclosing(walks: boolean): Probe | null {
  let outer = presentProbe();
  while (walks && outer?.walks === true) outer = outer.outer;
  return outer;
}

/** The cells of a model by their first paths, without cells inside of a `WrappedCell`. */
function pathsOf(op: string, model: Module): ReadonlyMap<Cell<unknown>, string> {
  const paths = new Map<Cell<unknown>, string>();
  const modules = requireModule(op, model).namedModules();
  const inner = new Set(modules.map(([, module]) => (module instanceof WrappedCell ? module.cell : null)));
  for (const [path, module] of modules) {
    if (module instanceof Cell && !inner.has(module) && !paths.has(module)) paths.set(module, path);
  }
  if (paths.size > 0) return paths;
  throw new ValueError(`${op}: expected a module with cells, got ${nameOf(model)}, which has none`);
}

/** With the cells inside of wrapped ones, which name tensors under the path of the outermost. */
function withInner(paths: ReadonlyMap<Cell<unknown>, string>): ReadonlyMap<object, string> {
  const all = new Map<object, string>(paths);
  for (const [cell, path] of paths) {
    for (let each: unknown = cell; each instanceof WrappedCell; each = each.cell) all.set(each.cell, path);
  }
  return all;
}

/** Applies `visit` to each tensor of a step, once for one that is output and state. */
function mapResults(
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

/** Patches the methods that run a step, active while `probe` is. @returns what restores them */
function patchSteps(
  cell: Cell<unknown>,
  path: string,
  probe: Probe,
  hooks: Hooks,
  stepwise: boolean,
): (() => void)[] {
  /** Whether a step is running: `step` of a projected cell calls `advance`. */
  let inside = false;
  const inactive = (): boolean => inside || !isObserving(probe);
  const within = (run: () => Step<unknown>): Step<unknown> => {
    inside = true;
    try {
      const step = hooks.around === undefined ? run() : hooks.around(cell, path, run);
      return mapResults(path, step, (names, x) => hooks.given(names, x));
    } finally {
      inside = false;
    }
  };
  const step = cell.step.bind(cell);
  const undo = [
    patchMethod(cell, 'step', (x: Tensor, state: unknown) =>
      inactive() ? step(x, state) : within(() => step(x, state)),
    ),
  ];
  if (!(cell instanceof ProjectedCell)) return undo;
  const project = cell.project.bind(cell);
  const advance = cell.advance.bind(cell);
  // Stepwise, the loop receives the inputs unchanged and each step projects its own.
  if (stepwise) undo.push(patchMethod(cell, 'project', (x: Tensor) => (inactive() ? project(x) : x)));
  undo.push(
    patchMethod(cell, 'advance', (x: Tensor, state: unknown) =>
      inactive() ? advance(x, state) : within(() => advance(stepwise ? project(x) : x, state)),
    ),
  );
  return undo;
}
