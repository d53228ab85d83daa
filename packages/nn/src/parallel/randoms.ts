/** The random generators of a model. */
import { Random } from '@chronograd/tensor';
import type { Module } from '../module.ts';

/** Those in public fields of its modules, and others, each once. */
export function randomsIn(model: Module, others: readonly Random[]): readonly Random[] {
  const fields = model.namedModules().flatMap(([, module]) => Object.values(module));
  const own = fields.filter((each): each is Random => each instanceof Random);
  return [...new Set([...own, ...others])];
}
