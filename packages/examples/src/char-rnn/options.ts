/** The command lines of `train` and `sample`. */
import { type Command, Option } from 'commander';
import { parse, program } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';
import { wrapLine } from '../cli/sanitize-terminal.ts';
import {
  choice,
  type Flag,
  number,
  PRESET_NAMES,
  type PresetName,
  pathRule,
  type Setting,
  whole,
} from './schema.ts';
import { SETTINGS, settingEntries, type TrainConfiguration, type Value } from './settings.ts';

/** Where `train` saves and `sample` reads. */
export const DEFAULT_DIRECTORY = 'models/char-rnn';

/** Flags that are not part of the configuration. */
const RUN_FLAGS = {
  preset: { flag: '--preset <name>', help: 'settings to start from', rule: choice(PRESET_NAMES) },
  save: {
    flag: '--save <dir>',
    help: `directory to save the model in (default: ${DEFAULT_DIRECTORY})`,
    rule: pathRule,
  },
  resume: { flag: '--resume <dir>', help: 'continue a saved run', rule: pathRule },
  workers: {
    flag: '--workers <n>',
    help: 'threads that share the --shards (default: 1); their number does not change the bits',
    rule: whole(1, 4_096),
  },
  profile: { flag: '--profile', help: 'print the time of each kernel at the end' },
  plot: {
    flag: '--plot',
    help: 'draw loss, perplexity and gradient norms as SVG and PNG in the directory of the model; resumed runs continue the plot',
  },
  json: { flag: '--json', help: 'print one JSON object per line, for programs' },
} satisfies Readonly<Record<string, Flag<PresetName> | Flag<string> | Flag<number>>>;

/** Values of {@link RUN_FLAGS}. */
type RunFlags = { readonly [K in keyof typeof RUN_FLAGS]?: Value<(typeof RUN_FLAGS)[K]> };

/** The parsed flags of `train`. */
export interface TrainFlags extends RunFlags {
  /** The settings that have a flag on the command line. */
  readonly given: Partial<TrainConfiguration>;
  readonly debug?: true;
}

/** The parsed flags of `sample`, with defaults. */
export interface SampleFlags {
  readonly from: string;
  readonly prompt: string;
  readonly length: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed: number;
  readonly debug?: true;
}

/**
 * Parses the arguments of `train`, without the name of the program.
 * @returns null if help was requested and printed
 * @throws UsageError for unknown, malformed, out of range or contradictory flags
 */
export function parseTrain(args: readonly string[]): TrainFlags | null {
  const command = program('train', 'Train a character RNN on a text.').addHelpText('after', presetHelp());
  const settings: Record<string, keyof TrainConfiguration> = {};
  for (const [key, setting] of settingEntries()) {
    for (const flag of flagsOf(setting)) {
      const option = optionOf(flag, setting.presets.default);
      settings[option.attributeName()] = key;
      command.addOption(option);
    }
  }
  for (const flag of Object.values(RUN_FLAGS)) command.addOption(optionOf(flag));
  if (!parse(command, args)) return null;
  const given: Record<string, unknown> = {};
  const flags: Record<string, unknown> = { given };
  for (const [name, value] of Object.entries(valuesOf(command))) {
    const key = settings[name];
    if (key === undefined) flags[name] = value;
    else if (key in given) throw new UsageError(`${SETTINGS[key].or?.conflict}: give one of them`);
    else given[key] = value;
  }
  return flags as unknown as TrainFlags;
}

/**
 * Parses the arguments of `sample`.
 * @returns null if help was requested and printed
 * @throws UsageError as {@link parseTrain}
 */
export function parseSample(args: readonly string[]): SampleFlags | null {
  const { sampleLength, temperature, seed } = SETTINGS;
  const command = program(
    'sample',
    'Generate text with a saved character RNN. A terminal shows control characters as visible ones; files and pipes get the text unchanged.',
  )
    .addOption(
      optionOf({ flag: '--from <dir>', help: 'saved model', rule: pathRule }).default(DEFAULT_DIRECTORY),
    )
    .option('--prompt <text>', 'start of the text', '')
    .addOption(
      optionOf({ ...sampleLength, flag: '--length <n>', help: 'characters to generate' }).default(500),
    )
    .addOption(optionOf(temperature).default(1))
    .addOption(
      optionOf({
        flag: '--top-k <n>',
        help: 'choose among the n likeliest characters only',
        rule: whole(1, 1_114_112),
      }),
    )
    .addOption(
      optionOf({
        flag: '--top-p <x>',
        help: 'choose among the fewest likeliest characters whose probabilities sum to x',
        rule: number({ above: 0, to: 1 }),
      }),
    )
    .addOption(optionOf(seed).default(1));
  return parse(command, args) ? (valuesOf(command) as unknown as SampleFlags) : null;
}

/** @param value the default, which the help shows where this flag sets it */
function optionOf({ flag = '', help = '', rule }: Partial<Flag<unknown>>, value?: unknown): Option {
  const hint = rule?.hint === undefined ? '' : `: ${rule.hint}`;
  const shown = rule?.accepts(value) ? ` (default: ${rule.format(value)})` : '';
  const option = new Option(flag, help + hint + shown);
  if (rule === undefined) return option;
  return option.argParser((typed: string) => new Parsed(rule.parse(nameOf(flag), typed)));
}

/** A parsed value. Commander replaces a bare null by ''. */
class Parsed {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

function valuesOf(command: Command): Readonly<Record<string, unknown>> {
  const values = Object.entries(command.opts<Record<string, unknown>>());
  return Object.fromEntries(values.map(([k, v]) => [k, v instanceof Parsed ? v.value : v]));
}

function flagsOf(setting: Setting<unknown>): Partial<Flag<unknown>>[] {
  return setting.flag === undefined ? [] : [setting, ...(setting.or === undefined ? [] : [setting.or])];
}

function nameOf(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

/** What each preset sets, one paragraph each. */
function presetHelp(): string {
  const [, ...names] = PRESET_NAMES;
  const width = Math.max(...names.map((name) => name.length)) + 4;
  const lines = names.map((name) => {
    const values = settingEntries().flatMap(([key, setting]) => {
      if (!(name in setting.presets)) return [];
      const value = setting.presets[name];
      const { flag, rule = setting.rule } = flagsOf(setting).find(({ rule }) => rule?.accepts(value)) ?? {};
      return `${flag === undefined ? key : nameOf(flag).slice(2)} ${rule.format(value)}`;
    });
    const base = name === 'min-char-rnn' || values.length === 0 ? '' : 'min-char-rnn with ';
    return wrapLine(`  ${name.padEnd(width - 2)}${base}${values.join(', ')}`, 80, width).join('\n');
  });
  return `\nPresets, and what each sets (settings without a flag are set by presets only):\n${lines.join('\n')}`;
}
