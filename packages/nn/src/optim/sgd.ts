/** Plain gradient descent. */
import { type Parameter, sgdUpdate, type Tensor } from '@chronograd/tensor';
import type { Module } from '../module.ts';
import { Optimizer } from './optimizer.ts';

/** p ← p − lr·g. */
export class SGD extends Optimizer {
  constructor(model: Module, { lr }: { readonly lr: number }) {
    super(model, lr);
  }

  protected override apply(_name: string, parameter: Parameter, gradient: Tensor): void {
    sgdUpdate(parameter, gradient, this.lr);
  }
}
