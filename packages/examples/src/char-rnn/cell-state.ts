/** The state of any cell: a tensor, or arrays and plain objects of them. */
import { Tensor } from '@chronograd/tensor';

/**
 * The same state with `visit` applied to each place of a tensor. One tensor may stand in two places (zeros at the start) where different ones
 * will stand later, so each place is visited.
 * @param name of the whole; its parts are named `hidden.h`, `hidden.0`.
 */
export function mapState(
  state: unknown,
  visit: (leaf: Tensor, name: string) => Tensor,
  name = 'hidden',
): unknown {
  if (state instanceof Tensor) return visit(state, name);
  if (Array.isArray(state)) return state.map((part, i) => mapState(part, visit, `${name}.${i}`));
  const parts = Object.entries(state as Readonly<Record<string, unknown>>);
  return Object.fromEntries(parts.map(([key, part]) => [key, mapState(part, visit, `${name}.${key}`)]));
}
