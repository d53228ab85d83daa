/** A wrong gradient in words, and what it usually comes from, guessed from what is wrong and what is right. */
import { type GradcheckReport, showPlace } from '@chronograd/autograd';
import { short } from '../violation.ts';

/** One line: of a parameter rather than of what flows further back, the one that is most wrong. */
export function worstInWords({ entries }: GradcheckReport): string {
  const wrong = entries.filter(({ failed, worst }) => failed > 0 && worst !== null);
  const ofCell = wrong.filter(({ input }) => input.startsWith('cell.'));
  const [entry] = (ofCell.length > 0 ? ofCell : wrong).sort((a, b) => b.worst!.relative - a.worst!.relative);
  const { order, input, moved, compared, failed, wrongGates } = entry!;
  const { index, place, output, autograd, differences } = entry!.worst!;
  const at =
    index === null || place === null ? ' along a random direction' : ` at ${showPlace(place, index)}`;
  const of = order === 1 || output === null ? '' : ` of ${output}`;
  const gates = wrongGates.length === 0 ? '' : `; wrong gates: ${wrongGates.join(', ')}`;
  return `the ${order === 1 ? '' : 'second-order '}gradient${of} with respect to ${input}${at}: autograd ${short(autograd)}, differences ${short(differences)}; ${failed} of ${compared} ${moved} failed${gates}`;
}

const GENERAL =
  'ops differentiate themselves: look at every customGradient, detach, stopGradient, item() and toArray() in step, and check each such function alone with gradcheck';

/** A sentence or two. */
export function cureForGradients({ entries }: GradcheckReport): string {
  const wrong = entries.filter(({ failed }) => failed > 0);
  const order = wrong[0]!.order;
  const names = wrong.map(({ input }) => input);
  const gates = [...new Set(wrong.flatMap(({ wrongGates }) => wrongGates))];
  const allGates = entries.some(
    ({ input, wrongGates }) => input.startsWith('cell.') && wrongGates.length > 2,
  );
  if (wrong.some(({ worst }) => worst !== null && !Number.isFinite(worst.differences))) {
    return 'a small step away the cell is not finite: draw states and inputs further from the edge of its domain (the options `state` and `inputs` of the laws)';
  }
  if (order === 2) {
    return "the gradient itself is right, its own derivative is not: a customGradient's backward takes numbers from outside of its arguments, or has a customGradient inside";
  }
  if (names.every((name) => name.startsWith('states'))) {
    return 'only what flows back into the state is wrong: a term of the recurrence is missing from a backward (the product with the recurrent weights, a direct path such as f∘c), or a detach cuts it off';
  }
  if (wrong.every(({ worst }) => worst?.autograd === 0)) {
    return 'nothing flows back: a detach, stopGradient, item(), toArray() or comparison stands on the way, or a backward returns null or leaves a term out';
  }
  if (gates.length === 2 && !allGates) {
    return `only the gates ${gates.join(' and ')} are wrong: see whether a backward has them in the wrong order, or one of them in the place of the other`;
  }
  if (gates.length === 1) return `only gate ${gates[0]} is wrong: see its derivative in your backward`;
  return GENERAL;
}
