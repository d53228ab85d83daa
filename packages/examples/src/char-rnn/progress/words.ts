/** The words in which the bar and the lines tell the same things. */

import { printable, printableLine } from '../printable.ts';
import type { TrainInfo, TrainState, TrainSummary } from '../progress.ts';
import { profileTable } from './profile-table.ts';

export function startWords(info: TrainInfo): string {
  const { corpus, trainCharacters, heldOutCharacters, vocabularySize, parameters, firstIteration } = info;
  const { cell, hidden, steps, batch, dtype, kernels, seed } = info;
  const held = heldOutCharacters === 0 ? '' : `, ${grouped(heldOutCharacters)} held out`;
  const from = firstIteration === 0 ? '' : `; going on after iteration ${grouped(firstIteration)}`;
  return (
    `${printableLine(corpus)}: ${grouped(trainCharacters)} characters${held}, ${vocabularySize} distinct\n` +
    `${cell}, hidden ${hidden}, steps ${steps}, batch ${batch}: ${grouped(parameters)} parameters; ` +
    `${dtype}, ${kernels} kernels, seed ${seed}${from}`
  );
}

export function stepWords(state: TrainState): string {
  const { smoothedLoss, bitsPerCharacter, charactersPerSecond, secondsLeft, timeLimited } = state;
  return (
    `loss ${smoothedLoss.toFixed(3)}  ${bitsPerCharacter.toFixed(3)} bits/char  ` +
    `${rate(charactersPerSecond)}  ${duration(secondsLeft)} ${timeLimited ? 'to time limit' : 'left'}`
  );
}

/** The same for narrow terminals. */
export function shortStepWords(state: TrainState): string {
  const { smoothedLoss, bitsPerCharacter, charactersPerSecond, secondsLeft, timeLimited } = state;
  return `loss ${smoothedLoss.toFixed(3)}  ${bitsPerCharacter.toFixed(3)} bits  ${grouped(charactersPerSecond)}/s  ${duration(secondsLeft)} ${timeLimited ? 'to limit' : 'left'}`;
}

/** A sample set off by rules, its strange characters made harmless. */
export function sampleWords(text: string, iteration: number): string {
  return `──── sample after iteration ${grouped(iteration)}\n${printable(text)}\n────`;
}

export function endWords(summary: TrainSummary): string {
  const {
    iterations,
    seconds,
    charactersPerSecond,
    bitsPerCharacter,
    windows,
    evenGuessing,
    diverged,
    heldOut,
    savedTo,
    stoppedEarly,
    profile,
  } = summary;
  const how = diverged ? 'diverged' : stoppedEarly ? 'stopped' : 'done';
  const lines = [
    `${how} after ${grouped(iterations)} ${iterations === 1 ? 'iteration' : 'iterations'}, ${duration(seconds)}, ${rate(charactersPerSecond)}`,
  ];
  if (windows > 0)
    lines.push(
      `training text: ${bitsPerCharacter.toFixed(3)} bits/char, the mean of the last ${windows === 1 ? 'window' : `${windows} windows`}`,
    );
  if (heldOut !== null) {
    lines.push(
      `held-out text: ${heldOut.model.toFixed(3)} bits/char ` +
        `(3-gram model ${heldOut.trigram.toFixed(3)}, 4-gram model ${heldOut.fourgram.toFixed(3)}; less is better)`,
    );
  }
  if (diverged)
    lines.push(
      `training diverged: even guessing takes ${evenGuessing.toFixed(3)} bits/char; lower --lr, or clip more with --clip or --clip-norm`,
    );
  if (savedTo !== null) lines.push(`saved to ${printableLine(savedTo)}`);
  if (profile !== null) lines.push(profileTable(profile.milliseconds, profile.rows));
  return lines.join('\n');
}

/** 12345.6 → `12,346`. By hand, since toLocaleString would take a good part of a small training step. */
export function grouped(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Seconds as `9s`, `2m05s` or `1h02m`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}

function rate(charactersPerSecond: number): string {
  return `${grouped(charactersPerSecond)} chars/s`;
}
