import { type GRUCell, Recurrent } from '@chronograd/nn';
import { gradientFlow, recordTaps } from '@chronograd/nn/probe';
import { linear, normal, Random, type Tensor } from '@chronograd/tensor';
import { mapTensors } from '@chronograd/tensor/engine';
import { expect, test } from 'vitest';
import type { FastGRNNCell } from '../../src/cells/fast-grnn.ts';
import type { LayerNormLSTMCell } from '../../src/cells/layer-norm-lstm.ts';
import type { MGUCell } from '../../src/cells/mgu.ts';
import type { PeepholeLSTMCell } from '../../src/cells/peephole-lstm.ts';
import { CELL_NAMES, CELLS, type CellName } from '../../src/char-rnn/cells.ts';

type Named = Readonly<Record<string, Tensor>>;

/** A step that has named the tensors `g`. */
interface Past {
  readonly g: Named;
  readonly x: Tensor;
  readonly before: { readonly h: Tensor; readonly c: Tensor };
}

/** What a step makes of what it has named: tensors that it names later, and the states. */
type Remake = (past: Past, cell: never) => Named;

const lstm: Remake = ({ g: { f, i, g, c, o }, before }) => ({
  c: f!.mul(before.c).add(i!.mul(g!)),
  'state.c': c!,
  'state.h': o!.mul(c!.tanh()),
});
const mixed = (share: Tensor, a: Tensor, b: Tensor): Tensor => share.mul(a).add(share.neg().add(1).mul(b));

/** What each cell names, in the order in which it computes it. */
const NAMED: Readonly<Record<CellName, readonly [names: readonly string[], remake: Remake]>> = {
  rnn: [[], () => ({})],
  lstm: [['f', 'i', 'g', 'c', 'o'], lstm],
  gru: [
    ['r', 'z', 'n'],
    ({ g: { r, z, n }, x, before: { h } }, cell: GRUCell) => {
      const [xn, hn] = [cell.project(x), linear(h, cell.weightHh, cell.biasHh)].map(
        (all) => all.chunk(3, -1)[2]!,
      );
      return { n: xn!.add(r!.mul(hn!)).tanh(), 'state.h': mixed(z!, h, n!) };
    },
  ],
  'peephole-lstm': [
    ['i', 'f', 'g', 'c', 'o'],
    (past, cell: PeepholeLSTMCell) => {
      const zo = cell.project(past.x).add(cell.hidden.forward(past.before.h)).chunk(4, -1)[3]!;
      const o = zo.add(cell.peepholes.chunk(3)[2]!.mul(past.g.c!)).sigmoid();
      return { ...lstm(past, cell as never), o };
    },
  ],
  'layer-norm-lstm': [
    ['f', 'i', 'g', 'c', 'o'],
    (past, cell: LayerNormLSTMCell) => {
      const { c, o } = past.g;
      return { ...lstm(past, cell as never), 'state.h': o!.mul(cell.norms[2].forward(c!).tanh()) };
    },
  ],
  'coupled-lstm': [
    ['i', 'g', 'c', 'o'],
    (past, cell: never) => lstm({ ...past, g: { ...past.g, f: past.g.i!.neg().add(1) } }, cell),
  ],
  'min-gru': [['z', 'n'], ({ g: { z, n }, before: { h } }) => ({ 'state.h': mixed(z!, n!, h) })],
  mgu: [
    ['f', 'n'],
    ({ g: { f, n }, x, before: { h } }, cell: MGUCell) => ({
      n: cell
        .project(x)
        .chunk(2, -1)[1]!
        .add(cell.candidate.forward(f!.mul(h)))
        .tanh(),
      'state.h': mixed(f!, n!, h),
    }),
  ],
  'ind-rnn': [[], () => ({})],
  'fast-grnn': [
    ['z', 'n'],
    ({ g: { z, n }, before: { h } }, cell: FastGRNNCell) => {
      const [ζ, ν] = cell.zetaNu.sigmoid().chunk(2) as [Tensor, Tensor];
      return { 'state.h': mixed(z!, h.add(n!.mul(ν)), n!.mul(ζ.add(ν))) };
    },
  ],
  'antisymmetric-rnn': [[], () => ({})],
};

const [T, B, F, H] = [4, 2, 3, 4];

/**
 * A cell away from zeros and ones, where a term too much or too few would not show, and a state
 * before it that is not 0.
 */
function problem(name: CellName) {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const cell = CELLS[name](F, H, options);
  for (const parameter of cell.parameters())
    parameter.assign(parameter.add(normal(parameter.shape, { ...options, std: 0.3 })));
  const draw = (...shape: number[]): Tensor => normal(shape, options);
  return { cell, draw, before: mapTensors('test', cell.initialState(B), ({ shape }) => draw(...shape)) };
}

test.each(CELL_NAMES)(
  'Probes see what %s names, at every step: gates between 0 and 1, and gradients that are not 0',
  (name) => {
    const { cell, draw, before } = problem(name);
    const recurrent = new Recurrent(cell);
    const x = draw(T, B, F);
    const { result: flow, taps } = recordTaps(recurrent, () =>
      gradientFlow(recurrent, () => recurrent.forward(x, before).outputs.square().sum()),
    );
    const named = Object.keys(taps).filter((each) => !/^cell\.(state|output)/.test(each));
    expect(named).toEqual(NAMED[name][0].map((each) => `cell.${each}`));
    for (const each of named) {
      expect(taps[each]!.shape).toEqual([T, B, H]);
      const isGate = !/[cgn]$/.test(each);
      expect(taps[each]!.toTypedArray().every((value) => !isGate || (value > 0 && value < 1))).toBe(true);
      expect([each, flow.norms[each]!.length, Math.min(...flow.norms[each]!) > 0]).toEqual([each, T, true]);
    }
  },
);

test.each(CELL_NAMES.filter((name) => NAMED[name][0].length > 0))(
  'What %s names is what it goes on with: with each of these tensors nudged, the rest of the step follows',
  (name) => {
    const { cell, draw, before } = problem(name);
    const x = draw(B, F);
    const tapped: Record<string, Tensor> = {};
    const went: Record<string, Tensor> = {};
    const nudge = (tap: string, value: Tensor): Tensor => {
      tapped[tap] = value;
      went[tap] = value.add(draw(B, H).mul(0.3));
      return went[tap];
    };
    Object.defineProperty(cell, 'tap', { value: nudge });
    const { output, state } = cell.step(x, before);
    const parts = (of: unknown): { h: Tensor; c: Tensor } =>
      (of !== null && typeof of === 'object' && 'h' in of ? of : { h: of }) as { h: Tensor; c: Tensor };
    const found: Named = { ...tapped, 'state.h': parts(state).h, 'state.c': parts(state).c };
    const wanted = NAMED[name][1]({ g: went, x, before: parts(before) }, cell as never);
    for (const [each, value] of Object.entries(wanted)) {
      const difference = found[each]!.sub(value).abs().max().item();
      expect([each, difference < 1e-14]).toEqual([each, true]);
    }
    expect(output.toArray()).toEqual(parts(state).h.toArray());
  },
);
