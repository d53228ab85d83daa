import { test } from 'vitest';
import { compile } from '../src/engine/program.ts';
import { throughTime } from '../src/engine/through-time.ts';
import { presetOf } from '../src/presets/index.ts';
import { throughTimeDefaults } from '../src/settings/through-time.ts';

const reach = (id: string, settings = {}) => {
  const [event] = throughTime([compile(presetOf(id).code)], {
    ...throughTimeDefaults,
    ...settings,
  }) as Iterable<{
    norms: number[];
    bound: number[] | null;
    matrices: number;
    forgetGate: boolean;
  }>;
  return event!;
};
test('time', () => {
  for (const id of ['rnn', 'gru', 'lstm'])
    for (const radius of [0.9, 1, 1.1, 1.5])
      for (const forgetBias of id === 'lstm' ? [0, 1, 3] : [0]) {
        const r = reach(id, { radius, forgetBias });
        console.log(
          id,
          radius,
          forgetBias,
          r.norms
            .filter((_, i) => i % 15 === 0)
            .map((v) => v.toExponential(1))
            .join(' '),
          '|',
          r.bound
            ?.filter((_, i) => i % 15 === 0)
            .map((v) => v.toExponential(1))
            .join(' '),
        );
      }
});
