import { valueAndGrad } from '@chronograd/autograd';
import { KernelProfile, normal, ones, plan, Random, type Tensor, withProfile } from '@chronograd/tensor';
import { runtime } from '@chronograd/tensor/engine';
import { expect, expectTypeOf, test } from 'vitest';
import {
  Adam,
  Cell,
  Linear,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
  SGD,
  type Step,
  zoneout,
} from '../../src/index.ts';
import { type ChromeTrace, type TraceEvent, trace } from '../../src/probe/index.ts';

const [T, B, F, H] = [4, 2, 3, 5];
const x = normal([T, B, F], { random: new Random(9) });

class Model extends Module {
  readonly recurrent: Recurrent<LSTMCell>;
  readonly decoder: Linear;
  constructor(checkpoint = false) {
    super();
    const random = new Random(1);
    this.recurrent = new Recurrent(new LSTMCell(F, H, { random }), { checkpoint });
    this.decoder = new Linear(H, 2, { random });
  }
  forward(inputs: Tensor): Tensor {
    return this.decoder.forward(this.recurrent.forward(inputs).outputs);
  }
}

/** A model and its training step. */
function training(checkpoint = false) {
  const model = new Model(checkpoint);
  const optimizer = new Adam(model);
  const lossAndGrads = valueAndGrad(model, (at: Tensor) => model.forward(at).square().mean());
  const step = (): number => {
    const { value, grads } = lossAndGrads(x);
    optimizer.update(grads);
    return value.item();
  };
  return { model, step };
}

/** A clock that moves on by 1 ms at every look. */
function ticking(): () => number {
  let time = 5;
  return () => time++;
}
const now = ticking();

/** A span with what is in it. */
interface Node {
  readonly event: TraceEvent;
  readonly end: number;
  readonly children: readonly Node[];
}

/** The spans as a tree. Fails unless every begin has its end and times never decrease. */
function treeOf({ traceEvents }: ChromeTrace): Node {
  const open: { event: TraceEvent; children: Node[] }[] = [];
  const roots: Node[] = [];
  let last = 0;
  for (const event of traceEvents) {
    expect(event.ts).toBeGreaterThanOrEqual(last);
    last = event.ts;
    if (event.ph === 'B') {
      open.push({ event, children: [] });
      continue;
    }
    const ended = open.pop()!;
    expect(ended.event.name).toBe(event.name);
    (open.at(-1)?.children ?? roots).push({ ...ended, end: event.ts });
  }
  expect([open.length, roots.length]).toEqual([0, 1]);
  return roots[0]!;
}

const all = (node: Node): Node[] => [node, ...node.children.flatMap(all)];
const kernelsOf = (node: Node): Node[] => all(node).filter(({ event }) => event.cat === 'kernel');
const namesOf = (nodes: readonly Node[]): string[] => nodes.map(({ event }) => event.name);

/** The only span of that name in another one. */
function within(node: Node, ...path: readonly string[]): Node {
  const [name, ...rest] = path;
  if (name === undefined) return node;
  const found = node.children.filter(({ event }) => event.name === name);
  expect(found.length, `${name} among ${namesOf(node.children)}`).toBe(1);
  return within(found[0]!, ...rest);
}

test('A step contains its phases, these the methods, these the time steps, and these the kernels', () => {
  const { model, step } = training();
  const root = treeOf(trace(model, step, { now }).trace);
  expect(namesOf(root.children)).toEqual(['forward', 'backward', 'update']);
  const [forward, backward] = [within(root, 'forward'), within(root, 'backward')];
  const steps = Array.from({ length: T }, (_, t) => `time step ${t}`);
  const isStep = ({ event }: Node): boolean => event.cat === 'time step';
  for (const [phase, order] of [
    [forward, steps],
    [backward, [...steps].reverse()],
  ] as const) {
    const recurrent = within(phase, 'Model.forward', 'recurrent.forward');
    expect(namesOf(recurrent.children.filter(isStep))).toEqual(order);
    for (const each of recurrent.children.filter(isStep))
      expect(kernelsOf(within(each, 'recurrent.cell.advance')).length).toBeGreaterThan(5);
    expect(kernelsOf(within(phase, 'Model.forward', 'decoder.forward')).length).toBeGreaterThan(1);
  }
  expect(within(forward, 'Model.forward', 'recurrent.forward').children[0]!.event.name).toBe(
    'recurrent.cell.project',
  );
  expect(namesOf(within(root, 'update').children)).toEqual(new Array(6).fill('adam'));
});

test('Its kernels are those of a profile, by phase, with their operations and bytes', () => {
  const { model, step } = training();
  const profile = new KernelProfile(ticking());
  withProfile(profile, step);
  const root = treeOf(trace(model, step, { now }).trace);
  const counted = new Map<string, { calls: number; flops: number; bytes: number }>();
  for (const phase of root.children)
    for (const { event } of kernelsOf(phase)) {
      const { flops, bytes } = event.args!;
      const key = `${phase.event.name} ${event.name}`;
      const sum = counted.get(key) ?? { calls: 0, flops: 0, bytes: 0 };
      counted.set(key, { calls: sum.calls + 1, flops: sum.flops + flops, bytes: sum.bytes + bytes });
    }
  const rows = profile.rows.filter(({ phase }) => phase !== null);
  expect(Object.fromEntries(counted)).toEqual(
    Object.fromEntries(
      rows.map(({ phase, kernel, calls, flops, bytes }) => [`${phase} ${kernel}`, { calls, flops, bytes }]),
    ),
  );
});

test('Times are those of the clock: a kernel takes a tick, and a span at least as long as its parts', () => {
  const { model, step } = training();
  const looks = { count: 0 };
  const counting = (): number => looks.count++;
  const root = treeOf(trace(model, step, { now: counting }).trace);
  expect([root.event.ts, root.end]).toEqual([0, 1000 * (looks.count - 1)]);
  for (const node of all(root)) {
    const parts = node.children.reduce((sum, { event, end }) => sum + end - event.ts, 0);
    if (node.event.cat === 'kernel') expect(node.end - node.event.ts).toBe(1000);
    else expect(node.end - node.event.ts).toBeGreaterThanOrEqual(parts);
  }
});

/** Adds its inputs up. At one step it takes their exponentials. */
class Odd extends Cell<Tensor> {
  calls = 0;
  initialState(batch: number): Tensor {
    return ones([batch, F]);
  }
  step(input: Tensor, state: Tensor): Step<Tensor> {
    const next = state.add(this.calls++ === 2 ? input.exp() : input);
    return { output: next, state: next };
  }
}

test('A kernel is in the time step where it ran, and backward where its op ran forward', () => {
  const recurrent = new Recurrent(new Odd());
  const gradient = valueAndGrad((at: Tensor) => recurrent.forward(at).state.sum());
  const root = treeOf(trace(recurrent, () => gradient(x), { now }).trace);
  const stepsWith = (phase: string, kernel: string): string[] =>
    all(within(root, phase))
      .filter(
        ({ event, children }) => event.cat === 'time step' && namesOf(children.flatMap(all)).includes(kernel),
      )
      .map(({ event }) => event.name);
  expect(stepsWith('forward', 'exp')).toEqual(['time step 2']);
  expect(stepsWith('forward', 'add').length).toBe(T);
  expect(stepsWith('backward', 'mul')).toEqual(['time step 2']);
});

test('A loop in a cell has its own time steps; checkpoints repeat steps in the backward pass', () => {
  class Nested extends Cell<Tensor> {
    readonly inner = new Recurrent(new RNNCell(F, F, { random: new Random(1) }));
    initialState(batch: number): Tensor {
      return ones([batch, F]);
    }
    step(input: Tensor, state: Tensor): Step<Tensor> {
      const run = this.inner.forward(input.unsqueeze(0).expand([2, B, F]), state);
      return { output: run.state, state: run.state };
    }
  }
  const nested = new Recurrent(new Nested());
  const root = treeOf(trace(nested, () => nested.forward(x), { now }).trace);
  const loop = within(root, 'forward', 'Recurrent.forward');
  for (let t = 0; t < T; t++) {
    const inner = within(loop, `time step ${t}`, 'cell.step', 'cell.inner.forward');
    for (const each of ['time step 0', 'time step 1'])
      expect(kernelsOf(within(inner, each, 'cell.inner.cell.advance')).length).toBeGreaterThan(1);
  }
  const { model, step } = training(true);
  const backward = within(treeOf(trace(model, step, { now }).trace), 'backward');
  const names = namesOf(all(backward));
  // Each step runs again, and then back.
  const cells = all(backward).filter(({ event }) => event.name === 'recurrent.cell.advance');
  for (const kernel of ['tanh', 'tanhGrad'])
    expect(cells.filter((each) => namesOf(kernelsOf(each)).includes(kernel)).length).toBe(T);
  expect(names.filter((name) => name === 'time step 3').length).toBeGreaterThan(1);
});

test('Bits are as without it, planned functions run, and nothing is left behind, also after an error', () => {
  const losses = (each: (model: Model, step: () => number) => number): number[] => {
    const { model, step } = training();
    return [0, 1, 2].map(() => each(model, step));
  };
  expect(losses((model, step) => trace(model, step, { now }).result)).toEqual(losses((_, step) => step()));
  const { model } = training();
  const planned = plan((at: Tensor) => model.forward(at));
  planned(x);
  const kernels = (): number => kernelsOf(treeOf(trace(model, () => planned(x), { now }).trace)).length;
  const eager = kernelsOf(treeOf(trace(model, () => model.forward(x), { now }).trace)).length;
  expect([kernels(), kernels()]).toEqual([eager, eager]);
  expect(planned.stats).toMatchObject({ recorded: 1, unplanned: 2 });
  const before = { ...runtime };
  const failing = (): void => {
    model.forward(x);
    throw new Error('midway');
  };
  expect(() => trace(model, failing, { now })).toThrow('midway');
  expect(runtime).toEqual(before);
  expect(Object.keys(model.decoder)).not.toContain('forward');
});

test('Spans are nested also for a clock that stops or goes back, for wrapped cells and shared modules', () => {
  const { model, step } = training();
  let time = 100;
  for (const clock of [() => 7, () => time--]) {
    const root = treeOf(trace(model, step, { now: clock }).trace);
    expect(namesOf(root.children)).toEqual(['forward', 'backward', 'update']);
    expect(root.end).toBe(0);
  }
  class Shared extends Module {
    readonly first = new Linear(F, F, { random: new Random(2) });
    readonly second = this.first;
    forward(input: Tensor): Tensor {
      return this.second.forward(this.first.forward(input));
    }
  }
  const shared = new Shared();
  const twice = treeOf(trace(shared, () => shared.forward(x), { now }).trace);
  const calls = within(twice, 'forward', 'Shared.forward').children;
  expect(namesOf(calls)).toEqual(['first.forward', 'first.forward']);
  const wrapped = new Recurrent(
    zoneout(new LSTMCell(F, H, { random: new Random(3) }), 0.1, { random: new Random(4) }),
  );
  const optimizer = new SGD(wrapped, { lr: 1 });
  const gradient = valueAndGrad(wrapped, () => wrapped.forward(x).outputs.sum());
  const root = treeOf(trace(wrapped, () => optimizer.update(gradient().grads), { now }).trace);
  const cell = within(
    root,
    'backward',
    'Recurrent.forward',
    'time step 1',
    'cell.advance',
    'cell.stepReading',
  );
  expect(kernelsOf(within(cell, 'cell.inner', 'cell.cell.stepReading')).length).toBeGreaterThan(1);
});

test('The result has its type, and the clock is required', () => {
  const { model, step } = training();
  const traced = trace(model, step, { now });
  expectTypeOf(traced.result).toEqualTypeOf<number>();
  expectTypeOf(traced.trace.traceEvents[0]!.ph).toEqualTypeOf<'B' | 'E'>();
  // @ts-expect-error the library reads no clock itself
  expect(() => trace(model, step, {})).toThrow('now');
  // @ts-expect-error a clock gives numbers
  expect(trace(model, step, { now: () => '1' })).toBeDefined();
});

test('Invalid arguments are errors with a cure', () => {
  const { model, step } = training();
  expect(() => trace(null as never, step, { now })).toThrow('trace: expected a module, got null');
  expect(() => trace(model, 3 as never, { now })).toThrow('trace(model, () => step(x, y), { now })');
  expect(() => trace(model, step, undefined as never)).toThrow(
    'trace: expected { now: clock }, whose clock gives milliseconds, for the options, got undefined',
  );
  expect(() => trace(model, step, { now: 3 as never })).toThrow('write { now: clock }, whose clock');
  expect(() => trace(model, async () => 1, { now })).toThrow('promise');
  expect(() => plan(() => trace(model, step, { now }).result)()).toThrow('take it around the call');
});
