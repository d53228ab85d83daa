/** What is shown of the noisy sine: what came, and what was predicted. */
import { lineChart } from '../../plots/line-chart.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import { count, plusMinus } from '../common/words.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

export function presentSine(parts: readonly DonePart<SineConfig, SineOutcome>[]): Presentation {
  const { config, outcome } = parts[0]!;
  const over = (of: 'network' | 'repeated' | 'known'): string =>
    plusMinus(parts.map((part) => part.outcome[of]));
  const sentence = `Next value of a noisy sine: a vanilla RNN of ${count(config.hidden, 'unit')} is off by ${over('network')} (root mean square, over ${count(parts.length, 'seed')}), where repeating the last value is off by ${over('repeated')}, and one who knows the sine, but not the noise, by ${over('known')}.`;
  return {
    findings: [sentence],
    figures: [
      {
        name: 'memory-sine',
        title: 'A first regression: the next value of a noisy sine',
        caption: `${sentence} Shown: a sine that was not trained on; the first seed.`,
        panels: [
          lineChart({
            heading: 'What came, and what was predicted one step before',
            x: { label: 'time step', from: 0 },
            y: { label: 'value' },
            width: 960,
            height: 300,
            lines: [
              {
                label: 'what came',
                ink: 'gray',
                noLine: true,
                points: outcome.values.map((value, t) => [t, value]),
              },
              { label: 'predicted', ink: 'blue', points: outcome.predicted.map((value, t) => [t, value]) },
            ],
          }),
        ],
      },
    ],
  };
}
