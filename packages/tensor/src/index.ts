/** Tensors: strided views, broadcasting, kernels, and automatic memory. See docs/memory.md. */
export { arange, eye, full, ones, type RangeOptions, zeros } from './constants.ts';
export { type CreateOptions, type TensorOptions, tensor } from './create.ts';
export {
  bernoulli,
  type NormalOptions,
  normal,
  type RandomOptions,
  type UniformOptions,
  uniform,
} from './draw.ts';
export { type Dtype, type FloatDtype, isFloat, type TypedArray } from './dtype.ts';
export {
  ChronogradError,
  DtypeError,
  OutOfMemoryError,
  PlanError,
  ScopeError,
  ShapeError,
  ValueError,
  VersionError,
} from './errors.ts';
export {
  kernelsAvailable,
  kernelsInUse,
  useFastestKernels,
  useKernels,
  withProfile,
} from './kernels/active.ts';
export type { KernelBuild } from './kernels/contract.ts';
export { KernelProfile, type ProfileRow } from './kernels/profile.ts';
export { setMemoryLimit } from './memory/blocks.ts';
export { type MemoryReport, memory, trimMemory } from './memory/report.ts';

import './ops/methods.ts';

export { einsum } from './ops/einsum.ts';
export * from './ops/index.ts';
export { Parameter } from './parameter.ts';
export { type Plan, type PlanOptions, plan } from './plan/plan.ts';
export type { PlanStats } from './plan/recordings.ts';
export { Random, type RandomState } from './random.ts';
export type { Phase } from './runtime.ts';
export { copyOut, scope } from './scope.ts';
export type { Shape } from './shape.ts';
export { type NestedArray, Tensor } from './tensor.ts';
