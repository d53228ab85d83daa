/** What the tests of training.json share. */
import {
  Adagrad,
  Adam,
  AdamW,
  type Module,
  type Optimizer,
  type ParameterGroup,
  type Rate,
  type Reduction,
  RMSprop,
  SGD,
  type SGDOptions,
} from '../../src/index.ts';
import { fixture } from './values.ts';

interface Numbers {
  readonly seed: number;
  readonly values: string;
}
/** training.json: see scripts/golden_training.py. */
export interface Fixture {
  readonly text: string;
  readonly hidden: number;
  readonly steps: number;
  readonly losses: readonly (Numbers & LossCase)[];
  /** `normType` null is infinity. */
  readonly clips: readonly (Numbers & {
    kind: string;
    limit: number;
    norm: number | null;
    normType?: number | null;
  })[];
  readonly norms: readonly (Numbers & { shape: number[] })[];
  readonly convolutions: readonly (Numbers & { kernelSize: number; dilation: number; bias: boolean })[];
  readonly embeddings: readonly (Numbers & { paddingIndex: number | null })[];
  readonly optimizers: readonly (Numbers & { name: string; options: TorchOptions })[];
  readonly resumed: readonly (Numbers & { name: string; options: TorchOptions; own: number })[];
  readonly schedules: readonly { name: string; values: string }[];
  readonly models: readonly CharacterModel[];
}
export interface LossCase {
  readonly kind: string;
  readonly reduction: Reduction;
  readonly ignored?: number[];
  readonly soft?: boolean;
  readonly weight?: boolean;
  readonly labelSmoothing?: number;
  readonly posWeight?: number[];
  readonly delta?: number;
  readonly spread?: 'variance' | 'logVariance';
  readonly columns?: number;
  readonly full?: boolean;
  readonly eps?: number;
  readonly quantiles?: number | number[];
}
/** Options by PyTorch's names. */
export type TorchOptions = Readonly<Record<string, number | boolean | [number, number]>>;
export interface CharacterModel {
  readonly kind: 'tanh' | 'lstm' | 'gru';
  readonly optimizer: string;
  readonly options: TorchOptions;
  readonly clip: 'norm' | 'value';
  readonly limit: number;
  readonly seed: number;
  readonly losses: string;
  readonly weights: string;
}

/** What is in the fixture. */
export const golden: Fixture = fixture<Fixture>('training');

/** Prints what was compared, and how near it came. */
export function report(what: string, count: number, worst: number): void {
  console.log(`PyTorch, ${what}: ${count} cases, worst relative error ${worst.toExponential(1)}`);
}

/** PyTorch divides by norm + 1e-6 where it clips: the limit at which ours does the same. */
export const limitOfTorch = (limit: number, norm: number): number =>
  norm > limit ? (limit * norm) / (norm + 1e-6) : limit;

/** What PyTorch's options are called here. */
const NAMES: Readonly<Record<string, string>> = {
  weight_decay: 'weightDecay',
  lr_decay: 'lrDecay',
  initial_accumulator_value: 'initialAccumulator',
};

/** An optimizer by PyTorch's name and options, and our groups. */
export function optimizerOf(
  name: string,
  model: Module,
  torch: TorchOptions,
  groups: readonly ParameterGroup<Rate>[] = [],
): Pick<Optimizer, 'update' | 'lr' | 'groups' | 'state' | 'loadState'> {
  const named = Object.entries(torch).map(([key, value]) => [NAMES[key] ?? key, value]);
  const options = { ...Object.fromEntries(named), groups } as SGDOptions;
  const made = {
    SGD: () => new SGD(model, options),
    Adagrad: () => new Adagrad(model, options),
    RMSprop: () => new RMSprop(model, options),
    Adam: () => new Adam(model, options),
    AdamW: () => new AdamW(model, options),
  }[name];
  if (made === undefined) throw new Error(`no optimizer ${name}`);
  return made();
}
