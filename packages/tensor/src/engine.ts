/**
 * Parts for the tape, modules and optimizers, and for packages that add a primitive, a recorder or
 * an optimizer kernel. Programs that use tensors need none of them, and they may change in any
 * version.
 */
export { wrap } from './create.ts';
export { elementBytes, requireInt32 } from './dtype.ts';
export { guard, guardFields, hostCall, setGuarded, unsupported, watchLeaf } from './effects.ts';
export {
  brand,
  describeValue,
  foreignPackage,
  inNameOf,
  nameOf,
  quoted,
  requireFunction,
  showShape,
  showValue,
} from './errors.ts';
export { floatKernelsFor, kernelsFor } from './kernels/active.ts';
export { inPhase, timedKernels } from './kernels/profile.ts';
export { allocateBlock } from './memory/blocks.ts';
export { heap } from './memory/heap.ts';
export { disposePersistent, persistentStorage } from './memory/persistent.ts';
export { refusePromise, withScope } from './memory/scope.ts';
export { elementsOf, type Storage } from './memory/storage.ts';
export { nearest } from './nearest.ts';
export { holds, isNested, type Nested } from './nested.ts';
export { addInto, sigmoidGrad, tanhGrad } from './ops/binary.ts';
export { alias, broadcastView } from './ops/copy.ts';
export { scoped } from './ops/define.ts';
export { address, output } from './ops/launch.ts';
export { crossEntropyGrad, IGNORE_NOTHING } from './ops/loss.ts';
export { multiply } from './ops/matmul.ts';
export { padBy } from './ops/moves.ts';

import './ops/methods.ts';

export { addRowsInto } from './ops/rows.ts';
export { sliceBy } from './ops/slice.ts';
export {
  type AdamStep,
  adagradUpdate,
  adamUpdate,
  largestMagnitude,
  sgdUpdate,
  sumOfSquares,
} from './ops/update.ts';
export { contiguous } from './ops/views.ts';
export { checkOptions, type OptionKeys } from './options.ts';
export { writePersistent } from './parameter.ts';
export { livingContainers, trackContainer } from './plan/containers.ts';
export type { PrimitiveName, Primitives, Signature, SliceParams } from './primitives.ts';
export {
  announceWrite,
  type Recorder,
  record,
  withGuard,
  withoutRecorders,
  withoutRecording,
  withRecorder,
} from './recorder.ts';
export { type ContextWrapper, type RandomLog, type Runtime, runtime, withRuntime } from './runtime.ts';
export { copyOutFor, retain } from './scope.ts';
export { segment } from './segment.ts';
export { broadcastShapes, checkShape, sameShape, sizeOf } from './shape.ts';
export { layoutOf, requireTensor, shapeOf, stridesOf } from './tensor.ts';
export {
  type Branch,
  countTensors,
  isBranch,
  joinPath,
  leaves,
  mapTensors,
  mapTree,
  nodeAt,
  once,
  setField,
  type TreeLeaf,
  tensorLeaves,
  type Walk,
  zipTree,
} from './tree.ts';
