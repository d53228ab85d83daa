/** Einstein summation of one or two operands, composed of permute, reshape and matmul. */
import { describeValue, inNameOf, ShapeError, showShape, ValueError } from '../errors.ts';
import { sizeOf } from '../shape.ts';
import { requireTensor, shapeOf, type Tensor } from '../tensor.ts';
import { commonDtype, requireFloats } from './launch.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { permute, reshapeTo } from './views.ts';

type Sizes = ReadonlyMap<string, number>;

/**
 * A sum of products over letters: `einsum('bij,bjk->bik', a, b)` is a batched matrix product. Each
 * letter is an axis. Letters that the result lacks are summed over. Without `->` the result has the
 * letters that occur once, in alphabetical order.
 * @param equation letters a–z and A–Z; an operand names each letter once. There is no `...`.
 * @param b Default: none. Then the equation has one operand, as in `einsum('ij->j', a)`.
 * @throws ValueError for a wrong equation, and ShapeError where sizes and letters differ.
 */
export function einsum(equation: string, a: Tensor, b?: Tensor): Tensor {
  requireFloats('einsum', a);
  if (b !== undefined) commonDtype('einsum', a, requireTensor('einsum', b));
  const tensors = b === undefined ? [a] : [a, b];
  const { inputs, result } = parse(equation, tensors.length);
  const sizes = sizesOf(equation, inputs, tensors);
  return inNameOf('einsum', () => {
    const [left = '', right = ''] = inputs;
    if (b === undefined) return ordered(onlyWith(a, left, result), result);
    return contracted(onlyWith(a, left, right + result), onlyWith(b, right, left + result), result, sizes);
  });
}

/** A tensor and the letters of its axes. */
interface Named {
  readonly x: Tensor;
  readonly letters: string;
}

function parse(equation: string, count: number): { readonly inputs: string[]; readonly result: string } {
  const wrong = (expected: string): ValueError =>
    new ValueError(
      `einsum: expected ${expected}, got ${typeof equation === 'string' ? `'${equation}'` : describeValue(equation)}; write einsum('ij,jk->ik', a, b)`,
    );
  if (typeof equation !== 'string' || !/^[A-Za-z, ]*(->[A-Za-z ]*)?$/.test(equation))
    throw wrong('an equation of letters, commas and one ->');
  const [left = '', right] = equation.replaceAll(' ', '').split('->');
  const inputs = left.split(',');
  if (inputs.length !== count) throw wrong(`letters for ${count} operand${count === 1 ? '' : 's'}`);
  const twice = [...inputs, right ?? ''].find((letters) => new Set(letters).size < letters.length);
  if (twice !== undefined)
    throw wrong(`each letter once per operand and in the result, not as in '${twice}'`);
  const all = inputs.join('');
  const once = [...all].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  const result = right ?? once.sort().join('');
  const unknown = [...result].find((letter) => !all.includes(letter));
  if (unknown !== undefined) throw wrong(`results with letters of the operands, without ${unknown}`);
  return { inputs, result };
}

function sizesOf(equation: string, inputs: readonly string[], tensors: readonly Tensor[]): Sizes {
  const sizes = new Map<string, number>();
  inputs.forEach((letters, i) => {
    const shape = shapeOf(tensors[i]!);
    if (shape.length !== letters.length) {
      throw new ShapeError(
        `einsum: expected ${letters.length} axes for '${letters}' of '${equation}', got shape ${showShape(shape)}`,
      );
    }
    [...letters].forEach((letter, axis) => {
      const known = sizes.get(letter) ?? shape[axis]!;
      if (known !== shape[axis]) {
        throw new ShapeError(
          `einsum: expected one size for ${letter} of '${equation}', got ${known} and ${shape[axis]}`,
        );
      }
      sizes.set(letter, known);
    });
  });
  return sizes;
}

/** Summed over the letters that nothing else has. */
function onlyWith(x: Tensor, letters: string, others: string): Named {
  const alone = [...letters].flatMap((letter, axis) => (others.includes(letter) ? [] : [axis]));
  const kept = [...letters].filter((letter) => others.includes(letter)).join('');
  return { x: sum(x, alone), letters: kept };
}

function ordered({ x, letters }: Named, result: string): Tensor {
  return letters === result
    ? x
    : permute(
        x,
        Array.from(result, (letter) => letters.indexOf(letter)),
      );
}

/** One matrix product: [batch, rows, inner] × [batch, inner, columns]. */
function contracted(a: Named, b: Named, result: string, sizes: Sizes): Tensor {
  const those = (letters: string, holds: (letter: string) => boolean): string =>
    [...letters].filter(holds).join('');
  const batch = those(a.letters, (each) => b.letters.includes(each) && result.includes(each));
  const inner = those(a.letters, (each) => b.letters.includes(each) && !result.includes(each));
  const rows = those(a.letters, (each) => !b.letters.includes(each));
  const columns = those(b.letters, (each) => !a.letters.includes(each));
  const shape = (letters: string): number[] => Array.from(letters, (letter) => sizes.get(letter)!);
  const grouped = (from: Named, ...groups: [string, string]): Tensor =>
    reshapeTo(ordered(from, batch + groups.join('')), [
      ...shape(batch),
      ...groups.map((group) => sizeOf(shape(group))),
    ]);
  const product = matmul(grouped(a, rows, inner), grouped(b, inner, columns));
  const letters = batch + rows + columns;
  return ordered({ x: reshapeTo(product, shape(letters)), letters }, result);
}
