/** The initial tensors of a program: known values in various memory layouts. */
import { type Dtype, type Parameter, scope, type Tensor, tensor } from '@chronograd/tensor';
import { laid } from '../../packages/tensor/test/arbitraries.ts';
import type { Plain } from '../../packages/tensor/test/model.ts';
import type { Dice } from './dice.ts';

/** A tensor and its expected values, or null if its scope has closed. */
export interface Source {
  readonly tensor: Tensor;
  readonly model: Plain | null;
}

const ODD = [Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-40, 3e38];

export const sizes = (dice: Dice, most = 3): number[] =>
  dice.list(dice.below(most + 1), () => dice.pick([0, 1, 1, 2, 2, 3, 3, 4, 5]));

/**
 * Sources of one program. @param plainly whether each is a separate contiguous tensor, for the
 * reference
 */
export function sourcesOf(dice: Dice, parameters: readonly Parameter[], plainly: boolean): Source[] {
  const made = dice.list(2 + dice.below(3), () => draw(dice, plainly));
  const known = parameters.map((parameter) => ({ tensor: parameter, model: null }));
  return [...made, ...(dice.chance(0.1) ? [closed()] : []), ...known];
}

function draw(dice: Dice, plainly: boolean): Source {
  const dtype = dice.pick<Dtype>(['float32', 'float32', 'float64', 'int32']);
  const shape = sizes(dice);
  const length = shape.reduce((product, size) => product * size, 1);
  const odd = dice.chance(0.2);
  const data = dice.list(length, () => {
    if (dtype === 'int32') return dice.below(4);
    const value = odd && dice.chance(0.2) ? dice.pick(ODD) : (dice.below(1025) - 512) / 64;
    return dtype === 'float32' ? Math.fround(value) : value;
  });
  const straight = dice.chance(0.4);
  const layout = {
    ranks: straight ? [0, 1, 2, 3, 4] : dice.list(5, () => dice.below(10)),
    flips: dice.list(5, () => !straight && dice.chance(0.3)),
    steps: dice.list(5, () => (straight ? 1 : 1 + dice.below(2))),
    before: dice.list(5, () => (straight ? 0 : dice.below(2))),
    home: dice.pick(['host', 'persistent'] as const),
  };
  const model = { shape, data };
  const wide = dice.chance(0.15);
  const x = plainly ? copy(model, dtype) : laid(model, dtype, layout);
  if (!wide) return { tensor: x, model };
  // Expanded: many elements at one address.
  const stretched = { shape: [3, ...shape], data: [...data, ...data, ...data] };
  return { tensor: plainly ? copy(stretched, dtype) : x.expand(stretched.shape), model: stretched };
}

/** A contiguous tensor in the JavaScript heap. */
function copy({ shape, data }: Plain, dtype: Dtype): Tensor {
  const List = dtype === 'float32' ? Float32Array : dtype === 'float64' ? Float64Array : Int32Array;
  return tensor(List.from(data), { shape });
}

/** A tensor of a scope that has closed. */
function closed(): Source {
  let dead: Tensor | undefined;
  scope(() => {
    dead = tensor([[1, 2, 3]]).add(1);
  });
  return { tensor: dead as Tensor, model: null };
}

/**
 * How a source differs from its expected values, or null. Tensors are immutable: no call may change
 * one.
 */
export function changed({ tensor: x, model }: Source): string | null {
  if (model === null) return null;
  const [now, values] = [x.shape.join(), x.toTypedArray()];
  if (now !== model.shape.join()) return `an operand's shape changed from [${model.shape}] to [${now}]`;
  if (values.length !== model.data.length) return `an operand has ${values.length} values`;
  const at = model.data.findIndex((value, i) => !Object.is(value, values[i]));
  return at < 0 ? null : `an operand's element ${at} changed from ${model.data[at]} to ${values[at]}`;
}
