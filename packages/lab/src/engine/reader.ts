/** Trains a cell on a text, for panels that look at how it reads. Trained once in a worker. */
import { Vocabulary } from '@chronograd/nn/data';
import type { ReadingSettings } from '../settings/reading.ts';
import { trainDefaults } from '../settings/train.ts';
import type { Program } from './program.ts';
import { ProgramError } from './program-error.ts';
import type { Model } from './tasks/model.ts';
import { HELD_OUT, textTask } from './tasks/text.ts';
import { updatesOf } from './updates.ts';

/** The training goes on. */
export interface ProgressEvent {
  readonly type: 'progress';
  readonly program: number;
  readonly done: number;
  readonly of: number;
}

/** A trained cell, and the text that it has not seen. */
export interface Reader {
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  readonly heldOut: Int32Array;
}

/** Settings with the text, which the page has loaded. */
export type WithText<S> = S & { readonly text: string };

const EVERY = 25;
/** By program and settings. */
const readers = new Map<string, Reader>();

/** Trains the program, or finds it trained. */
export async function* readerOf(
  program: Program,
  index: number,
  { text, hiddenSize, updates, seed }: WithText<ReadingSettings>,
): AsyncGenerator<ProgressEvent, Reader, void> {
  const settings = { ...trainDefaults, data: text, hiddenSize, seed, updates, measureEvery: updates + 1 };
  const key = JSON.stringify([program.code, settings]);
  const found = readers.get(key);
  if (found !== undefined) return found;
  const task = textTask(settings);
  const model = task.model(program);
  let done = 0;
  if (updates > 0)
    for await (const event of updatesOf(model, task, settings)) {
      void event;
      if (++done % EVERY === 0) yield { type: 'progress', program: index, done, of: updates };
    }
  const vocabulary = Vocabulary.of(text);
  const characters = vocabulary.encode(text);
  const heldOut = characters.subarray(Math.floor(characters.length * (1 - HELD_OUT)));
  const reader = { model, vocabulary, heldOut };
  readers.set(key, reader);
  return reader;
}

/** A passage of the held-out text. @throws ProgramError if the text is too short */
export function passageOf({ heldOut }: Reader, start: number, length: number): Int32Array {
  const from = Math.min(start, heldOut.length - length);
  if (from < 0)
    throw new ProgramError(`expected at least ${length} held-out characters, got ${heldOut.length}`);
  return heldOut.slice(from, from + length);
}
