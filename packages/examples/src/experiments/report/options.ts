/** The command line of `report`. */
import { Option } from 'commander';
import { oneOf, parse, path, program } from '../../cli/command-line.ts';
import { UsageError } from '../../cli/errors.ts';
import { KERNEL_CHOICES, type KernelChoice } from '../../common/kernels.ts';
import type { Budget } from '../common/experiment.ts';
import { EXPERIMENTS } from '../index.ts';

/** Parsed options. */
export interface ReportFlags {
  readonly budget: Budget;
  /** Names of experiments to run. Default: all. */
  readonly only: readonly string[];
  /** Draw the results of an earlier run, and run nothing. */
  readonly redraw: boolean;
  readonly out: string;
  readonly kernels: KernelChoice;
}

const DEFAULT_OUT = 'report';
const DEFAULT_KERNELS = 'fastest';

/** Parses the arguments. Null if help was requested and printed. @throws UsageError */
export function parseReport(args: readonly string[]): ReportFlags | null {
  const names = EXPERIMENTS.map((experiment) => experiment.name);
  const command = program('report', 'Run the experiments, draw the results, and write report/index.html.')
    .addOption(new Option('--quick', 'smaller runs: all experiments within three minutes on two cores'))
    .addOption(new Option('--tiny', 'runs of a fraction of a second, for tests').hideHelp())
    .option('--only <names...>', `run only these, and draw stored results of the others: ${names.join(', ')}`)
    .option('--redraw', 'draw stored results, and run nothing')
    .option('--out <dir>', 'output directory', path('--out'), DEFAULT_OUT)
    .option(
      '--kernels <name>',
      'kernels (strict and reference ones give the same bits on every machine; wide ones those of fast)',
      (typed) => oneOf('--kernels', typed, KERNEL_CHOICES),
      DEFAULT_KERNELS,
    );
  if (!parse(command, args)) return null;
  const typed = command.opts();
  const only = ((typed.only as string[] | undefined) ?? []).flatMap((each) => each.split(','));
  for (const name of only) oneOf('--only', name, names);
  if (typed.redraw === true && (typed.tiny === true || typed.quick === true || only.length > 0))
    throw new UsageError('--redraw runs nothing and draws all stored results: omit --quick and --only');
  const budget = typed.tiny === true ? 'tiny' : typed.quick === true ? 'quick' : 'full';
  return {
    budget,
    only,
    redraw: typed.redraw === true,
    out: typed.out as string,
    kernels: typed.kernels as KernelChoice,
  };
}

/** The command line that runs some experiments. */
export function commandFor(
  only: readonly string[],
  { budget, out, kernels }: Omit<ReportFlags, 'only' | 'redraw'>,
): string {
  const size = budget === 'full' ? '' : ` --${budget}`;
  const by = kernels === DEFAULT_KERNELS ? '' : ` --kernels ${kernels}`;
  return `report${size} --only ${only.join(',')}${by}${whereTo(out)}`;
}

/** The command line that draws stored results. */
export const redrawCommand = ({ out }: Pick<ReportFlags, 'out'>): string => `report --redraw${whereTo(out)}`;

const whereTo = (out: string): string => (out === DEFAULT_OUT ? '' : ` --out ${out}`);
