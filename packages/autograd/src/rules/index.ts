/** The table of gradient rules. Its type lists all primitives: a missing rule does not compile. */
import type { PrimitiveName } from '@chronograd/tensor/engine';
import { customRules } from './custom.ts';
import { binaryRules, unaryRules } from './elementwise.ts';
import { lossRules } from './loss.ts';
import { matmulRules } from './matmul.ts';
import { moveRules } from './moves.ts';
import { reduceRules } from './reduce.ts';
import type { Rules } from './types.ts';
import { viewRules } from './views.ts';

/** Another package adds rules for its primitives with `Object.assign(rules, { … })`. */
export const rules: Rules<PrimitiveName> = {
  ...unaryRules,
  ...binaryRules,
  ...reduceRules,
  ...matmulRules,
  ...viewRules,
  ...moveRules,
  ...lossRules,
  ...customRules,
};
