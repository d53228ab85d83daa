/** A file for `check`: a cell and its handwritten backpropagation through time, as in lesson 7. */
import { Cell, type LayerOptions, type Step, uniformInit } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';

/** n = tanh(Wxh x + Whh h + b), h' = h + α ⊙ (n − h), α = σ(a) learned per unit. Jaeger, 2001. */
export class LeakyCell extends Cell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly bias: Parameter;
  readonly leak: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    const init = uniformInit(hiddenSize);
    this.weightIh = new Parameter(init([hiddenSize, inputSize], options));
    this.weightHh = new Parameter(init([hiddenSize, hiddenSize], options));
    this.bias = new Parameter(zeros([hiddenSize], options));
    this.leak = new Parameter(zeros([hiddenSize], options));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.bias.size);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const n = linear(h, this.weightHh, linear(x, this.weightIh, this.bias)).tanh();
    const next = h.add(this.leak.sigmoid().mul(n.sub(h)));
    return { output: next, state: next };
  }
}

/**
 * Plain loops for each stream: forward, then the steps in reverse. `next` is ∂L/∂h of the next
 * step.
 */
export function backward(problem: BackwardProblem<LeakyCell>): HandwrittenGradients {
  const matrix = (x: Tensor) => x.toArray() as number[][];
  const sequence = (x: Tensor) => x.toArray() as number[][][];
  const { cell } = problem;
  const [Wxh, Whh, bias] = [matrix(cell.weightIh), matrix(cell.weightHh), cell.bias.toArray() as number[]];
  const alpha = (cell.leak.toArray() as number[]).map((a) => 1 / (1 + Math.exp(-a)));
  const [inputs, dOutputs] = [sequence(problem.inputs), sequence(problem.dOutputs)];
  const dWxh = Wxh.map((row) => row.map(() => 0));
  const dWhh = Whh.map((row) => row.map(() => 0));
  const [dbias, dleak] = [bias.map(() => 0), bias.map(() => 0)];
  const dState = matrix(problem.state).map((h0, stream) => {
    const hs = [h0];
    const ns = inputs.map((x, t) => {
      const n = bias.map((b, i) => Math.tanh(b + dot(Wxh[i]!, x[stream]!) + dot(Whh[i]!, hs[t]!)));
      hs.push(hs[t]!.map((h, i) => h + alpha[i]! * (n[i]! - h)));
      return n;
    });
    let next = matrix(problem.dState)[stream]!;
    for (let t = inputs.length - 1; t >= 0; t--) {
      const [x, h, n] = [inputs[t]![stream]!, hs[t]!, ns[t]!];
      const dh = next.map((g, i) => g + dOutputs[t]![stream]![i]!);
      const dz = dh.map((g, i) => g * alpha[i]! * (1 - n[i]! ** 2));
      for (let i = 0; i < dz.length; i++) {
        for (let j = 0; j < x.length; j++) dWxh[i]![j]! += dz[i]! * x[j]!;
        for (let j = 0; j < h.length; j++) dWhh[i]![j]! += dz[i]! * h[j]!;
        dbias[i]! += dz[i]!;
        dleak[i]! += dh[i]! * (n[i]! - h[i]!) * alpha[i]! * (1 - alpha[i]!);
      }
      next = dh.map((g, j) => g * (1 - alpha[j]!) + dz.reduce((sum, d, i) => sum + Whh[i]![j]! * d, 0));
    }
    return next;
  });
  return { cell: { weightIh: dWxh, weightHh: dWhh, bias: dbias, leak: dleak }, state: dState };
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
