/** Tensors: strided views, broadcasting, kernels, and memory that nobody has to free. See docs/memory.md. */
export {
  arange,
  bernoulli,
  type CreateOptions,
  eye,
  full,
  normal,
  ones,
  type RandomOptions,
  tensor,
  uniform,
  zeros,
} from './create.ts';
export { type Dtype, elementBytes, type FloatDtype, isFloat, type TypedArray } from './dtype.ts';
export * from './errors.ts';
export {
  floatKernelsFor,
  kernelsAvailable,
  kernelsFor,
  kernelsInUse,
  useFastestKernels,
  useKernels,
  withProfile,
} from './kernels/active.ts';
export type { KernelBuild } from './kernels/contract.ts';
export { inPhase, KernelProfile, type Phase, type ProfileRow } from './kernels/profile.ts';
export { setMemoryLimit } from './memory/blocks.ts';
export { type MemoryReport, memory } from './memory/report.ts';
export { refusePromise, withScope } from './memory/scope.ts';
export { segment } from './memory/segment.ts';
export { persistentStorage, type Storage } from './memory/storage.ts';
export * from './ops/index.ts';
export { Parameter, writePersistent } from './parameter.ts';
export { type Plan, plan } from './plan/plan.ts';
export { type Planner, planning } from './plan/planner.ts';
export type { PrimitiveName, Primitives, Signature, SliceParams } from './primitives.ts';
export { Random, type RandomState } from './random.ts';
export {
  announceWrite,
  differentiating,
  type Recorder,
  record,
  recording,
  withGuard,
  withoutRecorders,
  withoutRecording,
  withRecorder,
} from './recorder.ts';
export { keepTensors, scope } from './scope.ts';
export { broadcastShapes, type Shape, sameShape, sizeOf } from './shape.ts';
export { type NestedArray, Tensor } from './tensor.ts';
