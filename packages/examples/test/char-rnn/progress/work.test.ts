import { expect, test } from 'vitest';
import { BarReporter } from '../../../src/char-rnn/progress/bar.ts';
import { createReporter, LinesReporter } from '../../../src/char-rnn/progress/reporters.ts';
import { workOf } from '../../../src/char-rnn/progress/work.ts';
import { captured } from '../captured.ts';

test('Long work is reported every second in a file, and on one line of a terminal that is erased', async () => {
  const file = captured();
  let now = 0;
  const lines = new LinesReporter(file.output, false, () => now);
  for (; now <= 4_600; now += 100)
    lines.report({ event: 'work', what: 'reading a\x1b.txt', share: now / 10_000 });
  expect(file.text()).toBe([3, 13, 23, 33, 43].map((percent) => `reading a␛.txt: ${percent} %\n`).join(''));
  const json = captured();
  now = 0;
  const objects = new LinesReporter(json.output, true, () => now);
  for (; now <= 1_400; now += 100) objects.report({ event: 'work', what: 'reading', share: now / 2_000 });
  expect(json.text()).toBe(
    [0.15, 0.65].map((share) => `{"event":"work","what":"reading","share":${share}}\n`).join(''),
  );
  const terminal = captured(20);
  const bar = new BarReporter(terminal.output);
  bar.report({ event: 'work', what: 'reading', share: 0.1 });
  expect(terminal.text()).toBe('');
  await new Promise((resolve) => setTimeout(resolve, 250));
  bar.report({ event: 'work', what: 'reading the longest of all names', share: 0.2 });
  expect(terminal.text()).toBe('\r\x1b[Kreading the longe');
  bar.close();
  expect(terminal.text().endsWith('\r\x1b[K')).toBe(true);
});

test('A held-out loss during training is a line, with the best so far', () => {
  const { output, text } = captured();
  const reporter = new LinesReporter(output, false);
  reporter.report({
    event: 'validation',
    iteration: 1_000,
    bitsPerCharacter: 2.5,
    improved: true,
    best: 2.5,
  });
  reporter.report({
    event: 'validation',
    iteration: 2_000,
    bitsPerCharacter: 2.625,
    improved: false,
    best: 2.5,
  });
  expect(text()).toBe(
    'held-out text after iteration 1,000: 2.500 bits/char, the best so far\n' +
      'held-out text after iteration 2,000: 2.625 bits/char, best 2.500\n',
  );
});

test('Work that is over in a moment is not reported, and longer work ends when it must', async () => {
  const { output, text } = captured();
  const work = workOf(createReporter(true, output), () => false);
  expect(await work('reading', 0)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await work('reading', 1)).toBe(false);
  expect(text()).toBe('');
});
