/** The noisy sine: values and predictions. */
import { count, plusMinus } from '../../common/format.ts';
import { lineChart } from '../../plots/line-chart.ts';
import type { DonePart, Presentation } from '../common/experiment.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

export function presentSine(
  parts: readonly DonePart<SineConfig, SineOutcome>[],
): Omit<Presentation, 'headline'> {
  const { config, outcome } = parts[0]!;
  const over = (of: 'network' | 'repeated' | 'known'): string =>
    plusMinus(parts.map((part) => part.outcome[of]));
  return {
    findings: [
      `A vanilla RNN of ${count(config.hidden, 'unit')} predicts a noisy sine with an error of ${over('network')}.`,
      `Repeating the last value has an error of ${over('repeated')}. Knowing the sine without its noise has ${over('known')}.`,
    ],
    method: [`Sine: errors are root mean squares on new sines, over ${count(parts.length, 'seed')}.`],
    figures: [
      {
        name: 'memory-sine',
        title: 'A first regression: the next value of a noisy sine',
        caption: 'A sine that was not trained on, and predictions one step ahead. The first seed.',
        panels: [
          lineChart({
            heading: 'Values and predictions',
            x: { label: 'time step', from: 0 },
            y: { label: 'value' },
            width: 960,
            height: 300,
            lines: [
              {
                label: 'value',
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
