/** The text of the progress bar and of the lines. */
import type { ProfileRow } from '@chronograd/tensor';
import { printable, printableLine } from '../../cli/sanitize-terminal.ts';
import { duration, grouped } from '../../common/format.ts';
import type { EventOf, TrainEvent, TrainInfo, TrainState, TrainSummary } from './reporter.ts';

/** An event as lines of text. @param iterations those of the run */
export function formatEvent(event: TrainEvent, iterations: number): string {
  switch (event.event) {
    case 'work':
      return formatWork(event);
    case 'start':
      return formatStart(event);
    case 'step':
      return `${grouped(event.iteration)}/${grouped(iterations)}  ${formatStep(event)}`;
    case 'validation':
      return formatValidation(event);
    case 'sample':
      // Between rules, with control characters replaced.
      return `──── sample after iteration ${grouped(event.iteration)}\n${printable(event.text)}\n────`;
    case 'note':
      return printableLine(event.text);
    case 'end':
      return formatEnd(event);
  }
}

function formatStart(info: TrainInfo): string {
  const { corpus, trainCharacters, heldOutCharacters, vocabularySize, parameters, firstIteration } = info;
  const { cell, layers, hidden, steps, batch, dtype, kernels, seed } = info;
  const held = heldOutCharacters === 0 ? '' : `, ${grouped(heldOutCharacters)} held out`;
  const from = firstIteration === 0 ? '' : `; continues after iteration ${grouped(firstIteration)}`;
  return (
    `${printableLine(corpus)}: ${grouped(trainCharacters)} characters${held}, ${vocabularySize} distinct\n` +
    `${layers === 1 ? '' : `${layers} layers of `}${cell}, hidden ${hidden}, steps ${steps}, batch ${batch}: ${grouped(parameters)} parameters; ` +
    `${dtype}, ${kernels} kernels, seed ${seed}${from}`
  );
}

export function formatStep(state: TrainState): string {
  const { smoothedLoss, bitsPerCharacter, charactersPerSecond, secondsLeft, timeLimited } = state;
  return (
    `loss ${smoothedLoss.toFixed(3)}  ${bitsPerCharacter.toFixed(3)} bits/char  ` +
    `${rate(charactersPerSecond)}  ${duration(secondsLeft)} ${timeLimited ? 'to time limit' : 'left'}`
  );
}

/** {@link formatStep} for narrow terminals. */
export function formatShortStep(state: TrainState): string {
  const { smoothedLoss, bitsPerCharacter, charactersPerSecond, secondsLeft, timeLimited } = state;
  return `loss ${smoothedLoss.toFixed(3)}  ${bitsPerCharacter.toFixed(3)} bits  ${grouped(charactersPerSecond)}/s  ${duration(secondsLeft)} ${timeLimited ? 'to limit' : 'left'}`;
}

/** Progress of work outside of the steps. */
export function formatWork({ what, share }: EventOf<'work'>): string {
  return `${printableLine(what)}: ${Math.floor(100 * share)} %`;
}

function formatValidation({ iteration, bitsPerCharacter, improved, best }: EventOf<'validation'>): string {
  const kept = improved ? 'the best so far' : best === null ? 'not finite' : `best ${best.toFixed(3)}`;
  return `held-out text after iteration ${grouped(iteration)}: ${bitsPerCharacter.toFixed(3)} bits/char, ${kept}`;
}

function formatEnd(summary: TrainSummary): string {
  const { iterations, seconds, charactersPerSecond, bitsPerCharacter, windows, evenGuessing } = summary;
  const { diverged, heldOut, savedTo, stoppedEarly, profile } = summary;
  const { training, evaluated, counted, trainCharacters, heldOutCharacters, bestIteration } = summary;
  const how = diverged ? 'diverged' : stoppedEarly ? 'stopped' : 'done';
  const count = `${grouped(iterations)} ${iterations === 1 ? 'iteration' : 'iterations'}`;
  const lines = [`${how} after ${count}, ${duration(seconds)}, ${rate(charactersPerSecond)}`];
  if (bestIteration !== null)
    lines.push(`the weights are those after iteration ${grouped(bestIteration)}, the best on held-out text`);
  if (training === null && windows > 0) {
    const over = windows === 1 ? 'window' : `${windows} windows`;
    lines.push(
      `training text: ${bitsPerCharacter.toFixed(3)} bits/char, the mean of the last ${over} in training`,
    );
  }
  if (training !== null) {
    const where = `(its last ${grouped(evaluated)} characters)`;
    lines.push(`training text: ${training.toFixed(3)} bits/char ${where}`);
  }
  if (heldOut !== null) {
    const part = evaluated < heldOutCharacters ? `its first ${grouped(evaluated)} characters; ` : '';
    const few = counted < trainCharacters ? ` of the last ${grouped(counted)} characters` : '';
    lines.push(
      `held-out text: ${heldOut.model.toFixed(3)} bits/char (${part}3-gram model${few} ` +
        `${heldOut.trigram.toFixed(3)}, 4-gram model ${heldOut.fourgram.toFixed(3)}; less is better)`,
    );
  }
  const bits = training ?? bitsPerCharacter;
  if (!diverged && bits > evenGuessing)
    lines.push(
      `warning: worse than even guessing, which takes ${evenGuessing.toFixed(3)} bits/char: ` +
        'train longer, lower --lr, or clip more with --clip or --clip-norm',
    );
  if (diverged)
    lines.push(
      `training diverged: even guessing takes ${evenGuessing.toFixed(3)} bits/char; ` +
        'lower --lr, or clip more with --clip or --clip-norm',
    );
  if (savedTo !== null) lines.push(`saved to ${printableLine(savedTo)}`);
  if (profile !== null) lines.push(profileTable(profile.milliseconds, profile.rows));
  return lines.join('\n');
}

function rate(charactersPerSecond: number): string {
  return `${grouped(charactersPerSecond)} chars/s`;
}

const HEAD = ['phase', 'kernel', 'calls', 'ms', 'share', 'GFLOP/s', 'GB/s'];

/** One row per phase and kernel, the longest first within a phase, and the total. */
function profileTable(milliseconds: number, rows: readonly ProfileRow[]): string {
  const share = (ms: number): string => `${((100 * ms) / milliseconds).toFixed(1)} %`;
  const rate = (amount: number, ms: number): string => (amount === 0 ? '' : (amount / ms / 1e6).toFixed(1));
  const cells = rows.map((row) => [
    row.phase ?? '',
    row.kernel,
    row.calls === 0 ? '' : String(row.calls),
    row.milliseconds.toFixed(1),
    share(row.milliseconds),
    rate(row.flops, row.milliseconds),
    rate(row.bytes, row.milliseconds),
  ]);
  const table = [HEAD, ...cells, ['', 'all steps', '', milliseconds.toFixed(1), share(milliseconds), '', '']];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  const padded = (cell: string, i: number): string =>
    i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
  return table.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}
