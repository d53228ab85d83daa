/**
 * Guards, and the source without each. Most numbers pass several guards on their way to an address.
 * If one is removed, the next still works, so those are removed together.
 */
const TENSOR = 'packages/tensor/src/';

const change = (file, text, becomes) => ({ file: TENSOR + file, text, becomes });
const blocks = change('memory/blocks.ts', 'if (!(bytes >= 0 && Number.isSafeInteger(bytes)))', 'if (false)');
const arena = [
  change('memory/chunks.ts', 'if (top <= this.#end && room >>> 0 === room) {', 'if (!(top > this.#end)) {'),
  change(
    'memory/chunks.ts',
    'if (!(room >= 0 && room <= MOST_BYTES && Number.isInteger(room))) throw impossible(room);',
    '',
  ),
];
const sizes = change('tensor.ts', 'if (length >>> 0 !== length) checkShape(storage.origin, shape);', '');
const extent = change(
  'tensor.ts',
  'if (whole && (empty || (low >= 0 && high < storage.length))) return;',
  'return;',
);
const fill = change('ops/fill.ts', '  checkShape(op, shape);\n', '');

export const planted = [
  { guard: 'a tensor checks its sizes and its extent', changes: [sizes, extent] },
  { guard: 'a tensor checks its extent', changes: [extent] },
  {
    guard: 'offsets and strides of a tensor are integers',
    changes: [
      change('tensor.ts', ' || !Number.isInteger(offset))', ')'),
      change(
        'tensor.ts',
        '    if ((stride | 0) !== stride && !Number.isInteger(stride)) whole = false;\n',
        '',
      ),
    ],
  },
  { guard: 'the arena rejects an invalid number of bytes', changes: arena },
  {
    guard: 'a list of numbers is copied, without holes',
    changes: [
      change('shape.ts', 'const list: number[] = [];', 'const list: number[] = value;\n  return list;'),
    ],
  },
  {
    guard: 'a list of numbers is copied',
    changes: [
      change('shape.ts', 'const list: number[] = [];', 'const list: number[] = value;'),
      change('shape.ts', 'list.push(each);', 'list[i] = each;'),
    ],
  },
  {
    guard: 'elementBytes rejects an unknown dtype',
    changes: [change('dtype.ts', "  if (dtype !== 'float64') checkDtype('elementBytes', dtype);\n", '')],
  },
  {
    guard: 'zerosLike checks its shape, and the arena and the tensor theirs',
    changes: [fill, ...arena, sizes],
  },
  {
    guard: 'zerosLike checks its dtype',
    changes: [change('ops/fill.ts', 'checkDtype(op, x.dtype)', 'x.dtype')],
  },
  { guard: 'allocateBlock rejects an invalid number of bytes', changes: [blocks] },
  {
    guard: 'shape is a frozen copy',
    changes: [
      change(
        'tensor.ts',
        'this._frozenShape ??= Object.freeze([...this._shape]);\n    return this._frozenShape;',
        'return this._shape;',
      ),
    ],
  },
  {
    guard: 'gather, scatterRows and oneHot check indices',
    changes: [change('ops/rows.ts', 'if (index < 0 || index >= count) {', 'if (false) {')],
  },
  {
    guard: 'crossEntropy checks targets',
    changes: [
      change('ops/loss.ts', 'if ((target < 0 || target >= classes) && target !== ignore) {', 'if (false) {'),
    ],
  },
  {
    guard: 'concat copies its list',
    changes: [change('ops/moves.ts', '? [...parts] : []', '? (parts as Tensor[]) : []')],
  },
  {
    guard: 'expand copies its shape',
    changes: [change('ops/views.ts', 'expanded(x, null, [...shape])', 'expanded(x, null, shape)')],
  },
  {
    guard: 'zeros copies its shape',
    changes: [
      change(
        'constants.ts',
        'array : array.fill(value), [...shape], op)',
        'array : array.fill(value), shape, op)',
      ),
    ],
  },
  {
    guard: 'an optimizer checks that gradients fit',
    changes: [
      change('ops/update.ts', 'if (sameShape(shapeOf(parameter), shapeOf(other))) return;', 'return;'),
    ],
  },
  {
    guard: 'a tensor of a closed scope is rejected',
    changes: [
      change(
        'memory/storage.ts',
        'if (storage.scope.open) return storage.address;',
        'return storage.address;',
      ),
    ],
  },
];
