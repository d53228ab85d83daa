/** The command lines of `train` and `sample`. */
import { type Command, Option } from 'commander';
import { CELL_NAMES, type CellName } from './cells.ts';
import { oneOf, parse, path, program } from './command-line.ts';
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
    .option('--text <file>', 'a UTF-8 text file to learn from', path('--text'))
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
    .option('--save <dir>', `where to save the model (default: ${DEFAULT_DIRECTORY})`, path('--save'))
    .option('--resume <dir>', 'go on with a saved run', path('--resume'))
    .option('--profile', 'say at the end where the time of the steps went, kernel by kernel')
    .option(
      '--plot',
      'draw loss, perplexity and gradient norms, as SVG and PNG, beside the saved model; once drawn, a run is drawn again when it is resumed',
    )
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
  const command = program(
    'sample',
    'Let a saved character RNN write. On a terminal control characters are shown by stand-ins; a file or a pipe gets the text as it is.',
  )
    .option('--from <dir>', 'the saved model', path('--from'), DEFAULT_DIRECTORY)
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

function parsed<Flags>(command: Command, args: readonly string[]): Flags | null {
  return parse(command, args) ? (command.opts() as Flags) : null;
}

function number(flags: string, description: string, rule: NumberRule): Option {
  return new Option(flags, description).argParser((typed: string) =>
    parseNumber(flagName(flags), typed, rule),
  );
}

function choice(flags: string, description: string, names: readonly string[]): Option {
  const read = (typed: string): string => oneOf(flagName(flags), typed, names);
  return new Option(flags, `${description}: ${names.join(', ')}`).argParser(read);
}

function parseClip(typed: string): number | 'none' {
  return typed === 'none' ? typed : parseNumber('--clip', typed, NUMBER_RULES.clip);
}

function parseInit(typed: string): Init {
  if (/^[+-.\d]/.test(typed)) return { normal: parseNumber('--init', typed, NUMBER_RULES.init) };
  return oneOf('--init', typed, INIT_NAMES, ', or a number') as Init;
}

function flagName(flags: string): string {
  return flags.split(' ')[0] ?? flags;
}
