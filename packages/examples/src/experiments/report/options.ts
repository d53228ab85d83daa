/** The command line of `report`. */
import { Option } from 'commander';
import { oneOf, parse, path, program } from '../../cli/command-line.ts';
import { UsageError } from '../../cli/errors.ts';
import type { Budget } from '../common/experiment.ts';
import { EXPERIMENTS } from '../index.ts';

/** What was typed. */
export interface ReportFlags {
  readonly budget: Budget;
  /** Names of experiments to run; all unless named. */
  readonly only: readonly string[];
  /** Draw what an earlier run left, and run nothing. */
  readonly redraw: boolean;
  readonly out: string;
}

const DEFAULT_OUT = 'report';

/** Reads the arguments. `null`: help was asked for, and printed. @throws UsageError for anything unknown */
export function parseReport(args: readonly string[]): ReportFlags | null {
  const names = EXPERIMENTS.map((experiment) => experiment.name);
  const command = program('report', 'Run the experiments, draw them, and write report/index.html.')
    .addOption(new Option('--quick', 'smaller runs: all within three minutes on two cores'))
    .addOption(
      new Option('--tiny', 'runs of a fraction of a second: to see that everything works').hideHelp(),
    )
    .option('--only <names...>', `run some experiments, and draw the others as they are: ${names.join(', ')}`)
    .option('--redraw', 'run nothing: draw the results of an earlier run')
    .option('--out <dir>', 'where the report goes', path('--out'), DEFAULT_OUT);
  if (!parse(command, args)) return null;
  const typed = command.opts();
  const only = ((typed.only as string[] | undefined) ?? []).flatMap((each) => each.split(','));
  for (const name of only) oneOf('--only', name, names);
  if (typed.redraw === true && (typed.tiny === true || typed.quick === true || only.length > 0))
    throw new UsageError(
      '--redraw runs nothing, and draws all that is there: --quick and --only do not go with it',
    );
  const budget = typed.tiny === true ? 'tiny' : typed.quick === true ? 'quick' : 'full';
  return { budget, only, redraw: typed.redraw === true, out: typed.out as string };
}

/** The command that runs some experiments, as it is typed. */
export function commandFor(
  only: readonly string[],
  { budget, out }: Omit<ReportFlags, 'only' | 'redraw'>,
): string {
  const size = budget === 'full' ? '' : ` --${budget}`;
  return `report${size} --only ${only.join(',')}${whereTo(out)}`;
}

/** The command that draws what is there, as it is typed. */
export const redrawCommand = ({ out }: Pick<ReportFlags, 'out'>): string => `report --redraw${whereTo(out)}`;

const whereTo = (out: string): string => (out === DEFAULT_OUT ? '' : ` --out ${out}`);
