/** Recurrent networks: cells, the time loop, losses, optimizers, clipping, handwritten BPTT. */

export { blocksOf } from './cells/blocks.ts';
export { Cell, ProjectedCell, type StateOf, type Step } from './cells/cell.ts';
export type { GatedCellOptions } from './cells/gates.ts';
export { GRUCell, type GRUCellOptions } from './cells/gru.ts';
export { LSTMCell, type LSTMCellOptions, type LSTMState } from './cells/lstm.ts';
export { RNNCell, type RNNCellOptions } from './cells/rnn.ts';
export {
  type VariationalDropout,
  type VariationalDropoutOptions,
  variationalDropout,
} from './cells/variational-dropout.ts';
export { type WeightDrop, type WeightDropOptions, weightDrop } from './cells/weight-drop.ts';
export type { StateRates, WrappedCell } from './cells/wrapped.ts';
export { type Zoneout, type ZoneoutOptions, zoneout } from './cells/zoneout.ts';
export { detectAnomaly } from './checks/anomaly.ts';
export {
  type GruBackward,
  type GruForward,
  type GruGates,
  type GruGradients,
  type GruReset,
  type GruWeights,
  gruBackward,
  gruForward,
} from './checks/bptt/gru.ts';
export {
  type LstmBackward,
  type LstmCarry,
  type LstmForward,
  type LstmGates,
  type LstmGradients,
  type LstmWeights,
  lstmBackward,
  lstmForward,
} from './checks/bptt/lstm.ts';
export {
  oneHot as oneHotVector,
  type RnnBackward,
  type RnnForward,
  type RnnGradients,
  type RnnReduction,
  type RnnWeights,
  rnnBackward,
  rnnForward,
  rnnLoss,
} from './checks/bptt/rnn.ts';
export { checkTraining, TrainingError } from './checks/check-training.ts';
export {
  type Entries,
  type LoadOptions,
  loadStateDict,
  type StateDict,
  StateDictError,
  type StateForm,
  stateDict,
  type Unmatched,
} from './formats/state-dict/index.ts';
export { functionalCall } from './functional-call.ts';
export {
  fanInNormal,
  type Initializer,
  normalInit,
  orthogonal,
  uniformInit,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from './init.ts';
export { type CrossEntropyOptions, crossEntropy } from './loss/cross-entropy.ts';
export { type CTCLossOptions, ctcLoss } from './loss/ctc.ts';
export { type GaussianNLLOptions, gaussianNLL } from './loss/gaussian-nll.ts';
export { type HuberOptions, huber } from './loss/huber.ts';
export { type BinaryCrossEntropyOptions, binaryCrossEntropy, mse } from './loss/loss.ts';
export { quantileLoss } from './loss/quantile.ts';
export type { LossOptions, Reduction } from './loss/reduction.ts';
export { Module } from './module.ts';
export {
  type Attended,
  type DotProductAttentionOptions,
  dotProductAttention,
} from './modules/attention.ts';
export { CausalConv1d, type CausalConv1dOptions } from './modules/causal-conv1d.ts';
export {
  AdditiveAttention,
  type Context,
  DotProductAttention,
  type Memory,
  type MemoryOptions,
} from './modules/decoder-attention.ts';
export { Dropout, type DropoutOptions } from './modules/dropout.ts';
export { Embedding, type EmbeddingOptions } from './modules/embedding.ts';
export { LayerNorm, type LayerNormOptions } from './modules/layer-norm.ts';
export { type LayerOptions, Linear, type LinearOptions } from './modules/linear.ts';
export {
  GRU,
  type GRUOptions,
  LSTM,
  type LSTMOptions,
  RNN,
  type RNNOptions,
  type StackOptions,
} from './modules/stacked.ts';
export { Adagrad, type AdagradOptions, type AdagradSettings } from './optim/adagrad.ts';
export {
  Adam,
  type AdamOptions,
  type AdamSettings,
  AdamW,
  type AdamWOptions,
  type AdamWSettings,
} from './optim/adam.ts';
export {
  clipByGlobalNorm,
  clipByValue,
  globalNorm,
  NonFiniteGradientError,
  type NormOptions,
} from './optim/clip.ts';
export type { Group, OptimizerOptions, ParameterGroup, Part, Rate } from './optim/groups.ts';
export { type OneCycleOptions, oneCycle } from './optim/one-cycle.ts';
export { type Definition, Optimizer, type Step as OptimizerStep } from './optim/optimizer.ts';
export { RMSprop, type RMSpropOptions, type RMSpropSettings } from './optim/rmsprop.ts';
export {
  cosineDecay,
  exponentialDecay,
  linearWarmup,
  type Schedule,
  stepDecay,
  type WarmupOptions,
} from './optim/schedule.ts';
export { SGD, type SGDOptions, type SGDSettings } from './optim/sgd.ts';
export type { OptimizerState } from './optim/state.ts';
export type { IndexOptions } from './recurrent/indices.ts';
export type { PaddingOptions } from './recurrent/padding.ts';
export { Recurrent, type RecurrentOptions } from './recurrent/recurrent.ts';
export type { AnyCell, Layer, Layers, StatesOf, Unrolled } from './recurrent/types.ts';
export { type ForecastOptions, forecast } from './streaming/forecast.ts';
export { stream } from './streaming/stream.ts';
export type { LiveStream, StreamOptions, Unrollable } from './streaming/types.ts';
