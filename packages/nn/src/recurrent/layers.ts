/** Cells in layers and directions, and the arrangement of their states. */
import { isFloat, Parameter, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, nameOf, showShape } from '@chronograd/tensor/engine';
import { Cell } from '../cells/cell.ts';
import { mapState, zipStates } from './state-leaves.ts';
import type { AnyCell, Layers } from './types.ts';

/** The cells of each layer, one for each direction. */
export function layersOf(cells: Layers): readonly (readonly AnyCell[])[] {
  return cells instanceof Cell ? [[cells]] : cells.map((layer) => (layer instanceof Cell ? [layer] : layer));
}

/**
 * A cell may occur several times: its weights are then shared.
 * @throws ValueError for anything but a cell, or a list of cells and pairs of cells.
 */
export function checkLayers(cells: unknown): void {
  const wrong = (got: unknown, at: string): ValueError =>
    new ValueError(
      `Recurrent: expected a cell, or a list of layers: [cell, cell] or [[forward, backward], …], got ${describeValue(got)}${at}; a cell extends Cell and has initialState(batch) and step(x, state)`,
    );
  if (cells instanceof Cell) return;
  if (!Array.isArray(cells) || cells.length === 0) throw wrong(cells, '');
  cells.forEach((layer: unknown, l) => {
    if (layer instanceof Cell) return;
    if (!Array.isArray(layer) || layer.length !== 2) throw wrong(layer, ` for layer ${l}`);
    layer.forEach((cell: unknown, d) => {
      if (!(cell instanceof Cell)) throw wrong(cell, ` for direction ${d} of layer ${l}`);
    });
  });
}

/** The states before the first step, in the arrangement of the cells. */
export function initialStates(cells: Layers, batch: number): unknown {
  const states = layersOf(cells).map((layer) => layer.map((cell) => cell.initialState(batch)));
  return arranged(cells, states);
}

const batchFirst = new WeakSet<AnyCell>();

/**
 * Checks the states of each cell for two batch sizes, once.
 * @throws ShapeError unless the batch is the first axis of all their tensors. Padding selects rows.
 */
export function requireBatchAxis(cells: Layers): void {
  for (const cell of layersOf(cells).flat()) {
    if (batchFirst.has(cell)) continue;
    zipStates(cell.initialState(2), cell.initialState(3), (two, three) => {
      if (!(two instanceof Tensor && three instanceof Tensor)) return;
      if (two.shape[0] === 2 && three.shape[0] === 3) return;
      throw new ShapeError(
        `Recurrent: expected a state [B, …] with padding, got ${showShape(two.shape)} for a batch of 2 and ${showShape(three.shape)} for one of 3 from ${nameOf(cell)}; move the batch to the front`,
      );
    });
    batchFirst.add(cell);
  }
}

/** One parameter for each float tensor of the initial states of a batch of 1, in order. */
export function learnedStates(cells: Layers): readonly Parameter[] {
  const parameters: Parameter[] = [];
  mapState(initialStates(cells, 1), (leaf) => {
    if (learnable(leaf)) parameters.push(new Parameter(leaf));
  });
  return parameters;
}

/** The initial states with learned ones instead, the same for each sequence of the batch. */
export function withLearned(states: unknown, learned: readonly Parameter[]): unknown {
  let next = 0;
  return mapState(states, (leaf) => (learnable(leaf) ? learned[next++]!.expand(leaf.shape) : leaf));
}

const learnable = (leaf: unknown): leaf is Tensor => leaf instanceof Tensor && isFloat(leaf.dtype);

/**
 * The states of each layer's directions.
 * @throws ValueError unless they have the arrangement of the cells. Each cell checks its own state.
 */
export function statesOfLayers(cells: Layers, states: unknown): readonly (readonly unknown[])[] {
  if (cells instanceof Cell) return [[states]];
  const list = requireStates(states, cells.length, 'layer', '');
  return cells.map((layer, l) =>
    layer instanceof Cell ? [list[l]] : requireStates(list[l], layer.length, 'direction', ` for layer ${l}`),
  );
}

function requireStates(states: unknown, count: number, each: string, at: string): readonly unknown[] {
  if (Array.isArray(states) && states.length === count) return states;
  const got = Array.isArray(states) ? `an array of ${states.length}` : describeValue(states);
  throw new ValueError(
    `Recurrent: expected a list of ${count} states${at}, one for each ${each}, got ${got}; initialState(batch) gives one`,
  );
}

/** The states of each layer's directions, in the arrangement of the cells. */
export function arranged(cells: Layers, states: readonly (readonly unknown[])[]): unknown {
  if (cells instanceof Cell) return states[0]![0];
  return cells.map((layer, l) => (layer instanceof Cell ? states[l]![0] : states[l]));
}
