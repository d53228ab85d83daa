/** The table of gradient rules. The compiler holds it against the list of primitives: a rule that is missing does not compile. */
import type { PrimitiveName } from '@chronograd/tensor/engine';
import { customRules } from './custom.ts';
import { binaryRules, unaryRules } from './elementwise.ts';
import { lossRules } from './loss.ts';
import { matmulRules } from './matmul.ts';
import { moveRules } from './moves.ts';
import { reduceRules } from './reduce.ts';
import type { Rules } from './types.ts';
import { viewRules } from './views.ts';

/** The rules. Another package adds those of its own primitives by `Object.assign(rules, { … })`. */
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
