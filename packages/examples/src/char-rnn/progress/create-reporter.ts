import { BarReporter } from './bar.ts';
import { JsonReporter } from './json.ts';
import { LinesReporter } from './lines.ts';
import type { Output, Reporter } from './reporter.ts';

/** JSON if requested, a progress bar on a terminal, otherwise lines. */
export function createReporter(json: boolean, output: Output): Reporter {
  if (json) return new JsonReporter(output);
  return output.isTTY === true ? new BarReporter(output) : new LinesReporter(output);
}
