/** What is shown: which cells carry gradients, and facts, over how many steps. */
import type { DonePart, Presentation } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import type { TaskConfig, TaskOutcome } from '../common/tasks.ts';
import type { Config, Outcome } from '../memory.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import { presentFlow } from './present-flow.ts';
import { presentSine } from './present-sine.ts';
import { presentTask } from './present-task.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const flows = ofKind<FlowConfig, FlowOutcome>(parts, 'flow');
  const tasks = ofKind<TaskConfig, TaskOutcome>(parts, 'task');
  const sines = ofKind<SineConfig, SineOutcome>(parts, 'sine');
  const shown = [
    presentFlow(flows),
    ...groupBy(tasks, ({ config }) => config.task).map(([, runs]) => presentTask(runs)),
    presentSine(sines),
  ];
  return {
    findings: shown.flatMap(({ findings }) => findings),
    figures: shown.flatMap(({ figures }) => figures),
    claims: shown.flatMap(({ claims = [] }) => claims),
    tables: shown.flatMap(({ tables = [] }) => tables),
  };
}

function ofKind<C, O>(parts: readonly DonePart<Config, Outcome>[], kind: Config['kind']): DonePart<C, O>[] {
  return parts.filter(({ config }) => config.kind === kind) as unknown as DonePart<C, O>[];
}
