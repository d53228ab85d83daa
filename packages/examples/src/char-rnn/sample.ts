/** `sample`: generates text with a saved character RNN. */
import type { Vocabulary } from '@chronograd/nn/data';
import { Random } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { runCommand } from '../cli/run-command.ts';
import { printable } from '../cli/sanitize-terminal.ts';
import { chooseKernels } from '../common/kernels.ts';
import { CharModel } from './char-model.ts';
import { parseSample, type SampleFlags } from './options.ts';
import { sampleCharacters, startAfter } from './sampling.ts';
import { assignWeights, readRun, type SavedRun } from './saved-run.ts';

/** Characters per write. */
const PIECE = 64;
/** Characters listed in a message. */
const MOST_SHOWN = 8;

await runCommand(async () => {
  const flags = parseSample(process.argv.slice(2));
  if (flags !== null) await sample(flags);
});

async function sample({ from, prompt, seed, ...options }: SampleFlags): Promise<void> {
  const saved = readRun(from);
  const { vocabulary, configuration } = saved;
  const random = new Random(seed);
  const read = prompt === '' ? lineFeedOrAny(vocabulary, random) : encodePrompt(prompt, vocabulary);
  // Wide kernels take longer to load than a sample takes.
  chooseKernels(configuration.kernels === 'fastest' ? 'fast' : configuration.kernels);
  const model = loadModel(saved);
  await write(prompt);
  let piece: number[] = [];
  for (const character of sampleCharacters(model, startAfter(model, read), { ...options, random })) {
    if (piece.push(character) < PIECE) continue;
    await write(vocabulary.decode(piece));
    piece = [];
  }
  await write(`${vocabulary.decode(piece)}\n`);
}

function encodePrompt(prompt: string, vocabulary: Vocabulary): Int32Array {
  const unknown = [...new Set(prompt)].filter((character) => !vocabulary.has(character));
  if (unknown.length === 0) return vocabulary.encode(prompt);
  const form = vocabulary.normalForm(prompt);
  const known = vocabulary.characters.slice(0, 8 * MOST_SHOWN);
  const cure =
    form === null
      ? `its vocabulary has ${vocabulary.size} characters: ${JSON.stringify(known.join(''))}${known.length < vocabulary.size ? '…' : ''}`
      : `its vocabulary has this text in the Unicode form ${form}: convert it with uconv -x ${form}`;
  const shown = unknown.slice(0, MOST_SHOWN).map((character) => JSON.stringify(character));
  const more = unknown.length > MOST_SHOWN ? ` and ${unknown.length - MOST_SHOWN} more` : '';
  throw new UsageError(
    `--prompt: expected characters of the vocabulary, got ${shown.join(', ')}${more}; ${cure}`,
  );
}

/** Without a prompt the text continues a line feed, or a random character if the model has none. */
function lineFeedOrAny(vocabulary: Vocabulary, random: Random): Int32Array {
  const lineFeed = vocabulary.characters.indexOf('\n');
  return Int32Array.of(lineFeed < 0 ? random.integer(vocabulary.size) : lineFeed);
}

function loadModel({ configuration, vocabulary, tensors }: SavedRun): CharModel {
  const model = new CharModel(vocabulary.size, configuration, new Random(0));
  assignWeights(model, tensors);
  return model;
}

/** Resolves when the text is flushed, so that a slow reader slows the writer down. */
function write(text: string): Promise<void> {
  const shown = process.stdout.isTTY ? printable(text) : text;
  return new Promise((resolve) => process.stdout.write(shown, () => resolve()));
}
