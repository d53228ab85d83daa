/** A wrong factor in some rows of z: in the derivative of a gate. */
import type { Cell } from '../../../cells/cell.ts';
import { type Hypothesis, plus, scaled, withPart } from './hypotheses.ts';
import { type Gate, type Product, sentBack } from './products.ts';

/** Rows of parameters: gates of some of them. */
export interface Block {
  readonly parameter: string;
  readonly gate: Gate;
}

/** Some rows of z have k times their derivative, at every step. @param blocks where that shows in the parameters. */
export function scaledRows(
  cell: Cell<unknown>,
  blocks: readonly Block[],
  products: readonly Product[],
): Hypothesis {
  const isWrong = (parameter: string, { from }: Gate): boolean =>
    blocks.some((block) => block.parameter === parameter && block.gate.from === from);
  return {
    bend: {
      step: (back, k) => {
        let { inputs, state } = back;
        for (const product of products) {
          for (const gate of product.gates.filter((each) => isWrong(product.parameter, each))) {
            const more = sentBack(product, gate, back);
            if (product.state === null) inputs = plus(inputs!, more, k - 1);
            else state = withPart(state, product.state, plus(state.get(product.state)!, more, k - 1));
          }
        }
        const gradients = new Map([...back.cell].map(([path, values]) => [path, values.slice()]));
        for (const { parameter, gate, size } of blocks.map((block) => sized(cell, block))) {
          const values = gradients.get(parameter)!;
          values.set(scaled(values.subarray(gate.from * size, gate.to * size), k), gate.from * size);
        }
        return { ...back, cell: gradients, inputs, state };
      },
    },
    affineSteps: 1,
    sized: true,
    words: (is) => `the derivative ${is} in ${nameBlocks(cell, blocks)}, at every step`,
  };
}

/** With how many numbers a row has. */
function sized(cell: Cell<unknown>, block: Block): Block & { readonly size: number } {
  const shape = new Map(cell.namedParameters()).get(block.parameter)!.shape;
  return { ...block, size: shape.slice(1).reduce((a, b) => a * b, 1) };
}

/** `gate z`, where it is whole gates; else the parameters. */
export function nameBlocks(cell: Cell<unknown>, blocks: readonly Block[]): string {
  const names = [...new Set(blocks.map(({ gate }) => gate.name))];
  const paths = [...new Set(blocks.map(({ parameter }) => parameter))];
  if (names.includes(null)) return paths.map((path) => `cell.${path}`).join(', ');
  const gates = `gate${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
  const gated = Object.keys(cell.blocks());
  return gated.every((path) => paths.includes(path))
    ? gates
    : `${gates} of ${paths.map((path) => `cell.${path}`).join(', ')}`;
}
