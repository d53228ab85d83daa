/**
 * Samples for every primitive, which the laws run over. A primitive without samples fails the
 * suite.
 */
import type { PrimitiveName } from '@chronograd/tensor/engine';
import { binaryRows } from './binary.ts';
import { customRows } from './custom.ts';
import { unaryRows } from './elementwise.ts';
import { lossRows } from './loss.ts';
import { matmulRows } from './matmul.ts';
import { moveRows } from './moves.ts';
import { reduceRows } from './reduce.ts';
import type { Row } from './sample.ts';
import { viewRows } from './views.ts';

export const samples: Readonly<Record<PrimitiveName, Row>> = {
  ...unaryRows,
  ...binaryRows,
  ...reduceRows,
  ...matmulRows,
  ...viewRows,
  ...moveRows,
  ...lossRows,
  ...customRows,
};
