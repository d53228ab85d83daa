/** What misuse says: one block of text for a list of mistakes, for the catalogue. */
import { expect } from 'vitest';
import { ChronogradError } from '../../src/index.ts';

/**
 * Runs each mistake and lists the messages. Fails if one throws nothing, or anything but an error
 * of Chronograd.
 */
export function messages(mistakes: Readonly<Record<string, () => unknown>>): string {
  const lines = Object.entries(mistakes).map(([code, act]) => {
    const error = caught(act);
    expect(error, code).toBeInstanceOf(ChronogradError);
    const { name, message } = error as ChronogradError;
    return `${code}\n  ${name}: ${message}`;
  });
  return `\n${lines.join('\n')}\n`;
}

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
