/** What is shown of the noisy sine: what came, and what was predicted. */
import { lineChart } from '../../plots/line-chart.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { short } from '../common/words.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

export function presentSine({ config, outcome }: DonePart<SineConfig, SineOutcome>): Presentation {
  const { network, repeated, known, values, predicted } = outcome;
  const sentence = `Next value of a noisy sine: a vanilla RNN of ${config.hidden} units is off by ${short(network)} (root mean square), where repeating the last value is off by ${short(repeated)}, and one who knows the sine, but not the noise, by ${short(known)}.`;
  return {
    findings: [sentence],
    figures: [
      {
        name: 'memory-sine',
        title: 'A first regression: the next value of a noisy sine',
        caption: `${sentence} A sine that was not trained on.`,
        panels: [
          lineChart({
            heading: 'What came, and what was predicted one step before',
            x: { label: 'time step', from: 0 },
            y: { label: 'value' },
            width: 960,
            height: 300,
            lines: [
              { label: 'what came', ink: 'gray', noLine: true, points: values.map((value, t) => [t, value]) },
              { label: 'predicted', ink: 'blue', points: predicted.map((value, t) => [t, value]) },
            ],
          }),
        ],
      },
    ],
  };
}
