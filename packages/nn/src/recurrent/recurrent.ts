import { concat, type Parameter, type Random, ShapeError, type Tensor, ValueError } from '@chronograd/tensor';
import {
  checkOptions,
  inNameOf,
  type OptionKeys,
  requireTensor,
  shapeOf,
  showShape,
  showValue,
} from '@chronograd/tensor/engine';
import { layeredForm } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { presentProbe } from '../internal/probing.ts';
import { requireBatch } from '../internal/require.ts';
import { Module } from '../module.ts';
import { Dropout } from '../modules/dropout.ts';
import type { Embedding } from '../modules/embedding.ts';
import { checkKind, type IndexOptions, indexOptions, withIndexHint } from './indices.ts';
import {
  arranged,
  checkLayers,
  initialStates,
  layersOf,
  learnedStates,
  requireBatchAxis,
  statesOfLayers,
  withLearned,
} from './layers.ts';
import { type Padding, type PaddingOptions, paddingOf } from './padding.ts';
import { runOver } from './run-over.ts';
import { segmentLength } from './segments.ts';
import { requireState } from './state-leaves.ts';
import type { Layers, StatesOf, Unrolled } from './types.ts';

/** Options of `Recurrent`. */
export interface RecurrentOptions extends IndexOptions {
  /** The probability of dropping each element between two layers, in training mode. Default: 0. */
  readonly dropout?: number;
  /** The source of dropout's masks. */
  readonly random?: Random;
  /**
   * Whether inputs and outputs, but not states, are [B, T, …] instead of [T, B, …]. Default: false.
   */
  readonly batchFirst?: boolean;
  /**
   * Whether initial states are learned: parameters `start`, one for each float tensor of the state,
   * shared by the batch. Default: false.
   */
  readonly learnInitialState?: boolean;
  /**
   * Gradient checkpointing: the backward pass recomputes segments of this many steps (true: √T).
   * Activations then take the memory of one segment instead of T steps, for about one more forward
   * pass of time. Inputs, their projection and outputs are kept. Gradients are bit-identical.
   * Default: false.
   */
  readonly checkpoint?: boolean | number;
}

export const RECURRENT: OptionKeys<RecurrentOptions> = {
  dropout: true,
  random: true,
  batchFirst: true,
  learnInitialState: true,
  checkpoint: true,
  inputs: true,
  classes: true,
  embedding: true,
};

/**
 * Runs cells over time: one, or layers of them, each in one direction or both. States have the
 * arrangement of the cells: one cell has its own state, `[a, b]` a pair of states,
 * `[[f0, b0], [f1, b1]]` two pairs. A backward cell runs from the last step to the first. Its
 * output at each step is concatenated to the forward one: [T, B, Hf + Hb].
 *
 * For truncated BPTT, call it for each window with the state that the previous window returned. A
 * state that a differentiated function returned carries no gradient.
 * @example
 * new Recurrent(new LSTMCell(65, 128, { random }));
 * new Recurrent([new GRUCell(9, 9, { random }), new LSTMCell(9, 9, { random })]);
 */
export class Recurrent<const C extends Layers> extends Module {
  /** The cell, or layers. Parameters are named `cell.weightHh`, or `cell.0.1.weightHh`. */
  readonly cell: C;
  readonly dropout: Dropout | null;
  readonly batchFirst: boolean;
  /** Learned initial states, in the order of the state's leaves; each has a batch of 1. */
  readonly start: readonly Parameter[] | null;
  readonly checkpoint: boolean | number;
  /** What the inputs are; null for numbers or indices. */
  readonly inputs: 'numbers' | 'indices' | null;
  readonly classes: number | null;
  readonly embedding: Embedding | null;

  /**
   * @throws ValueError for anything but cells, and for dropout with one layer or without `random`.
   */
  constructor(cell: C, options: RecurrentOptions = {}) {
    super();
    checkLayers(cell);
    checkOptions('Recurrent', options, RECURRENT);
    const {
      dropout = 0,
      random,
      batchFirst = false,
      learnInitialState = false,
      checkpoint = false,
    } = options;
    this.cell = cell;
    this.dropout = dropoutBetween(layersOf(cell).length, dropout, random);
    this.batchFirst = batchFirst;
    this.start = learnInitialState ? learnedStates(cell) : null;
    if (typeof checkpoint !== 'boolean' && !(Number.isInteger(checkpoint) && checkpoint > 0)) {
      throw new ValueError(
        `Recurrent: expected true or a segment length, a whole number from 1 on, for checkpoint, got ${showValue(checkpoint)}`,
      );
    }
    this.checkpoint = checkpoint;
    const { inputs, classes, embedding } = indexOptions(options);
    this.inputs = inputs;
    this.classes = classes;
    this.embedding = embedding;
  }

  /**
   * The states before the first step of `batch` streams. Learned ones get gradients if called
   * inside `grad`.
   */
  initialState(batch: number): StatesOf<C> {
    requireBatch('Recurrent', batch);
    const states = initialStates(this.cell, batch);
    return (this.start === null ? states : withLearned(states, this.start)) as StatesOf<C>;
  }

  override stateForm(): StateForm {
    return layeredForm(this.cell);
  }

  /**
   * @param inputs shape [T, B, F], T ≥ 1, or int32 indices [T, B], which stand for one-hot vectors.
   * @param state before the first step, or before the last one of a backward cell. Default: the
   * initial state.
   * @param padding which steps are real. A padded step has output 0, changes no state and gets no
   * gradient, whatever its input. A backward cell starts at each sequence's last real step.
   * @returns the last layer's outputs, and the state of every cell after its last step.
   * @throws ShapeError for inputs of another rank, or without a step.
   * @throws ValueError for a state of another arrangement or with class instances, and for a cell
   * whose step does not return `{ output, state }`.
   */
  forward(inputs: Tensor, state?: StatesOf<C>, padding: PaddingOptions = {}): Unrolled<StatesOf<C>> {
    const { batchFirst, cell } = this;
    checkKind(this.inputs, inputs, batchFirst);
    const [steps, batch] = checkInputs('Recurrent', inputs, batchFirst);
    // A probe would see recomputed steps twice. The bits are the same without segments.
    const length = segmentLength(presentProbe() === null && this.checkpoint, steps);
    const real = paddingOf(padding, steps, batch, batchFirst);
    if (real !== null) requireBatchAxis(cell);
    const before = statesOfLayers(cell, state ?? this.initialState(batch));
    const layers = layersOf(cell);
    layers.forEach((layer, l) => {
      layer.forEach((each, d) => void requireState(each, before[l]![d]));
    });
    let x = this.#embedded(batchFirst ? inputs.transpose(0, 1) : inputs, real);
    const after = withIndexHint(this.inputs, x, () =>
      layers.map((layer, l) => {
        if (l > 0 && this.dropout !== null) x = this.dropout.forward(x);
        const { classes } = this;
        const runs = layer.map((each, d) => runOver(each, x, before[l]![d], real, d === 1, length, classes));
        const outputs = runs.map((run) => run.outputs);
        x = outputs.length === 1 ? outputs[0]! : concat(outputs, -1);
        return runs.map((run) => run.state);
      }),
    );
    return { outputs: batchFirst ? x.transpose(0, 1) : x, state: arranged(cell, after) as StatesOf<C> };
  }

  /** The vectors of indices; padding may hold any numbers. */
  #embedded(x: Tensor, padding: Padding | null): Tensor {
    const { embedding } = this;
    if (embedding === null) return x;
    return embedding.forward(padding === null ? x : padding.fill(x, false));
  }
}

/** T and B of the inputs. @throws ShapeError unless they have both. */
export function checkInputs(op: string, inputs: Tensor, batchFirst: boolean): [steps: number, batch: number] {
  const shape = shapeOf(requireTensor(op, inputs));
  const steps = shape[batchFirst ? 1 : 0];
  const batch = shape[batchFirst ? 0 : 1];
  // Floats [T, F] would otherwise be read as [T, B] and broadcast.
  const fits = shape.length >= (inputs.dtype === 'int32' ? 2 : 3);
  if (fits && steps !== undefined && batch !== undefined && steps > 0) return [steps, batch];
  const [axes, cure] = batchFirst ? ['B, T', 'x.unsqueeze(0)'] : ['T, B', 'x.unsqueeze(1)'];
  throw new ShapeError(
    `${op}: expected inputs [${axes}, F] with at least one step, or int32 [${axes}], got ${inputs.dtype} ${showShape(shape)}; without a batch, ${cure} adds one of size 1`,
  );
}

function dropoutBetween(layers: number, p: number, random: Random | undefined): Dropout | null {
  if (p === 0) return null;
  if (layers === 1) {
    throw new ValueError(
      `Recurrent: expected several layers for dropout, which is applied between layers, got dropout ${showValue(p)} with one layer; add layers, or apply a Dropout to the outputs`,
    );
  }
  if (random === undefined)
    throw new ValueError(
      `Recurrent: expected { random } for the masks of dropout, got dropout ${showValue(p)} without it; add random: new Random(seed)`,
    );
  return inNameOf('Recurrent', () => new Dropout(p, { random }));
}
