import { groupBy } from '../../common/groups.ts';
import type { DonePart, Experiment, Presentation } from '../common/experiment.ts';
import type { TaskConfig, TaskOutcome } from '../common/tasks.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import { presentFlow } from './present-flow.ts';
import { presentSine } from './present-sine.ts';
import { presentTask } from './present-task.ts';
import { type Config, type Outcome, study } from './run.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

export const memory: Experiment<Config, Outcome> = { ...study, present };

export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const flow = presentFlow(ofKind<FlowConfig, FlowOutcome>(parts, 'flow'));
  const tasks = groupBy(ofKind<TaskConfig, TaskOutcome>(parts, 'task'), ({ config }) => config.task);
  const sine = presentSine(ofKind<SineConfig, SineOutcome>(parts, 'sine'));
  const shown = [flow, ...tasks.map(([, runs]) => presentTask(runs)), sine];
  return {
    ...flow,
    findings: shown.flatMap(({ findings }) => findings),
    method: [...new Set(shown.flatMap(({ method = [] }) => method))],
    figures: shown.flatMap(({ figures }) => figures),
    tables: shown.flatMap(({ tables = [] }) => tables),
  };
}

function ofKind<C, O>(parts: readonly DonePart<Config, Outcome>[], kind: Config['kind']): DonePart<C, O>[] {
  return parts.filter(({ config }) => config.kind === kind) as unknown as DonePart<C, O>[];
}
