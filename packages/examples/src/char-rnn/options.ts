/** The command lines of `train` and `sample`. */

import { nearest } from '@chronograd/tensor/engine';
import { Command, CommanderError, Option } from 'commander';
import { CELL_NAMES, type CellName } from './cells.ts';
import {
  type Clip,
  DTYPES,
  type Dtype,
  INIT_NAMES,
  type Init,
  KERNEL_CHOICES,
  type KernelChoice,
} from './configuration.ts';
import { CORPUS_NAMES, type CorpusName } from './corpora.ts';
import { NUMBER_RULES, type NumberRule, parseNumber } from './numbers.ts';
import { PRESET_NAMES, type PresetName } from './presets.ts';
import { UsageError } from './usage-error.ts';

/** What was typed after `train`; a flag that was not is absent. */
export interface TrainFlags {
  readonly corpus?: CorpusName;
  readonly text?: string;
  readonly preset?: PresetName;
  readonly cell?: CellName;
  readonly hidden?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly lr?: number;
  /** `none` switches off the clipping of a preset. */
  readonly clip?: number | 'none';
  readonly clipNorm?: number;
  readonly init?: Init;
  readonly iterations?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly dtype?: Dtype;
  readonly kernels?: KernelChoice;
  readonly sampleEvery?: number;
  readonly sampleLength?: number;
  readonly temperature?: number;
  readonly save?: string;
  readonly resume?: string;
  readonly profile?: true;
  readonly plot?: true;
  readonly json?: true;
  readonly debug?: true;
}

/** What was typed after `sample`, with the defaults filled in. */
export interface SampleFlags {
  readonly from: string;
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
  readonly debug?: true;
}

/** Where `train` saves and `sample` reads when nobody says otherwise. */
export const DEFAULT_DIRECTORY = 'models/char-rnn';

/**
 * Reads the arguments of `train` (without the program's own name). `null`: help was asked for, and printed.
 * @throws UsageError for anything unknown, malformed, out of range or contradictory
 */
export function parseTrain(args: readonly string[]): TrainFlags | null {
  const command = program('train', 'Train a character RNN on a text.')
    .addOption(choice('--corpus <name>', 'the text to learn from', CORPUS_NAMES))
    .option('--text <file>', 'a UTF-8 text file to learn from', directory('--text'))
    .addOption(choice('--preset <name>', 'the settings to start from', PRESET_NAMES))
    .addOption(choice('--cell <name>', 'the recurrent cell', CELL_NAMES))
    .addOption(number('--hidden <n>', 'size of the hidden state', NUMBER_RULES.hidden))
    .addOption(number('--steps <n>', 'time steps in a window', NUMBER_RULES.steps))
    .addOption(number('--batch <n>', 'streams read side by side', NUMBER_RULES.batch))
    .addOption(number('--lr <x>', 'learning rate of Adagrad', NUMBER_RULES.lr))
    .option('--clip <x|none>', 'clip gradients by value, to ±x', parseClip)
    .addOption(number('--clip-norm <x>', 'clip gradients by global norm', NUMBER_RULES.clip))
    .option('--init <name|x>', `how weights start: ${INIT_NAMES.join(', ')}, or x for x·N`, parseInit)
    .addOption(
      number(
        '--iterations <n>',
        'windows to train on; lifts a time limit that was not typed',
        NUMBER_RULES.iterations,
      ),
    )
    .addOption(number('--seconds <x>', 'stop after so long, if that comes first', NUMBER_RULES.seconds))
    .addOption(number('--seed <n>', 'same seed, same bits', NUMBER_RULES.seed))
    .addOption(choice('--dtype <name>', 'the numbers to compute with', DTYPES))
    .addOption(choice('--kernels <name>', 'the kernels to compute with', KERNEL_CHOICES))
    .addOption(
      number('--sample-every <n>', 'iterations from sample to sample, 0: none', NUMBER_RULES.sampleEvery),
    )
    .addOption(number('--sample-length <n>', 'characters in a sample', NUMBER_RULES.sampleLength))
    .addOption(
      number('--temperature <x>', 'of the samples: below 1 tamer, above wilder', NUMBER_RULES.temperature),
    )
    .option('--save <dir>', `where to save the model (default: ${DEFAULT_DIRECTORY})`, directory('--save'))
    .option('--resume <dir>', 'go on with a saved run', directory('--resume'))
    .option('--profile', 'say at the end where the time of the steps went, kernel by kernel')
    .option('--plot', 'draw loss, perplexity and gradient norms, as SVG and PNG, beside the saved model')
    .option('--json', 'print one JSON object a line, for programs');
  const flags = parsed<TrainFlags>(command, args);
  if (flags?.corpus !== undefined && flags.text !== undefined) {
    throw new UsageError('--corpus and --text both name the text: give one of them');
  }
  if (flags?.clip !== undefined && flags.clipNorm !== undefined) {
    throw new UsageError(
      '--clip (by value) and --clip-norm (by global norm) exclude each other: give one of them',
    );
  }
  return flags;
}

/**
 * Reads the arguments of `sample`. `null`: help was asked for, and printed.
 * @throws UsageError as {@link parseTrain}
 */
export function parseSample(args: readonly string[]): SampleFlags | null {
  const command = program('sample', 'Let a saved character RNN write.')
    .option('--from <dir>', 'the saved model', directory('--from'), DEFAULT_DIRECTORY)
    .option('--prompt <text>', 'what the text starts with', '')
    .addOption(number('--length <n>', 'characters to write', NUMBER_RULES.sampleLength).default(500))
    .addOption(
      number('--temperature <x>', 'below 1 tamer, above wilder', NUMBER_RULES.temperature).default(1),
    )
    .addOption(number('--seed <n>', 'same seed, same text', NUMBER_RULES.seed).default(1));
  return parsed<SampleFlags>(command, args);
}

/** The clipping that was asked for; undefined where nothing was said. */
export function clipOf(flags: TrainFlags): Clip | undefined {
  if (flags.clipNorm !== undefined) return { by: 'norm', at: flags.clipNorm };
  if (flags.clip === undefined) return undefined;
  return flags.clip === 'none' ? null : { by: 'value', at: flags.clip };
}

function program(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--debug', 'print the stack of an unexpected error')
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

function parsed<Flags>(command: Command, args: readonly string[]): Flags | null {
  // A leading `--` is what a package manager leaves of `train -- --hidden 64`.
  const own = args[0] === '--' ? args.slice(1) : args;
  try {
    return command.parse(own, { from: 'user' }).opts() as Flags;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw new UsageError(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
  }
}

function number(flags: string, description: string, rule: NumberRule): Option {
  return new Option(flags, description).argParser((typed: string) =>
    parseNumber(flagName(flags), typed, rule),
  );
}

function choice(flags: string, description: string, names: readonly string[]): Option {
  const parse = (typed: string): string => oneOf(flagName(flags), typed, names);
  return new Option(flags, `${description}: ${names.join(', ')}`).argParser(parse);
}

function oneOf(flag: string, typed: string, names: readonly string[]): string {
  if (names.includes(typed)) return typed;
  throw new UsageError(`${flag} ${typed}: expected ${names.join(', ')}${suggestion(typed, names)}`);
}

function parseClip(typed: string): number | 'none' {
  return typed === 'none' ? typed : parseNumber('--clip', typed, NUMBER_RULES.clip);
}

function parseInit(typed: string): Init {
  const name = INIT_NAMES.find((known) => known === typed);
  if (name !== undefined) return name;
  if (/^[+-.\d]/.test(typed)) return { normal: parseNumber('--init', typed, NUMBER_RULES.init) };
  const names = INIT_NAMES.join(', ');
  throw new UsageError(`--init ${typed}: expected ${names}, or a number${suggestion(typed, INIT_NAMES)}`);
}

/** Refuses the empty path: the file functions would take it for something else, or complain about it in their own words. */
function directory(flag: string): (typed: string) => string {
  return (typed) => {
    if (typed === '') throw new UsageError(`${flag}: expected a path, got an empty one`);
    return typed;
  };
}

function suggestion(typed: string, names: readonly string[]): string {
  const near = nearest(typed, names);
  return near === null ? '' : `; did you mean ${near}?`;
}

function flagName(flags: string): string {
  return flags.split(' ')[0] ?? flags;
}
