/** PyTorch's names for cells over time: `weight_ih_l0`, and `weight_ih_l0_reverse` for the backward direction. */
import type { StateForm } from './form.ts';

/** The form of a module with a field `cell`: a cell, or layers of cells and of pairs of them. */
export function layeredForm(cell: object): StateForm {
  if (!Array.isArray(cell)) return { names: { cell: '*_l0' } };
  const names = cell.flatMap((layer: object, l) =>
    Array.isArray(layer)
      ? [
          [`cell.${l}.0`, `*_l${l}`],
          [`cell.${l}.1`, `*_l${l}_reverse`],
        ]
      : [[`cell.${l}`, `*_l${l}`]],
  );
  return { names: Object.fromEntries(names) };
}
