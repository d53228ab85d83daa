import { Cell, type LayerOptions, Linear, type Step } from '@chronograd/nn';
import type { Tensor } from '@chronograd/tensor';

/** h' = h + σ(z) ⊙ (tanh(c) − h): gate z moves the state toward c. Collins et al., 2017. */
export class UpdateGateCell extends Cell<Tensor> {
  readonly layers: readonly [ofInput: Linear, ofState: Linear];
  constructor(inputs: number, units: number, options: LayerOptions) {
    super();
    this.layers = [new Linear(inputs, 2 * units, options), new Linear(units, 2 * units, options)];
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.layers[1].inputSize);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const [z, c] = this.layers[0].forward(x).add(this.layers[1].forward(h)).chunk(2, -1);
    const next = h.add(z.sigmoid().mul(c.tanh().sub(h)));
    return { output: next, state: next };
  }
}
