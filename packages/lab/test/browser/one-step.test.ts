import { expect, test } from 'vitest';
import { oneStep } from '../../src/engine/one-step.ts';
import { compile } from '../../src/engine/program.ts';
import { findings } from '../../src/findings.ts';
import { presetOf } from '../../src/presets/index.ts';
import { oneStepDefaults } from '../../src/settings/one-step.ts';
import { encodeLink } from '../../src/shell/link.ts';
import { initialState } from '../../src/shell/state.ts';
import { inBrowsers } from './browsers.ts';
import { type Lab, resultsOf } from './lab.ts';

inBrowsers((openLab) => {
  test.each(['rnn', 'lstm', 'gru', 'layer-norm-lstm'])(
    'One step of %s: the numbers and lines of Node, bit for bit',
    async (id) => {
      const { title, code } = presetOf(id);
      const page = await openLab();
      const fields = { panel: 'oneStep', cells: [{ name: title, code }] };
      const { events, error } = await resultsOf(page, 'oneStep', fields);
      expect(error).toBeNull();
      const wanted = [...(oneStep([compile(code)], { ...oneStepDefaults, shown: 1 }) as Iterable<unknown>)];
      expect(events).toEqual(JSON.parse(JSON.stringify(wanted))); // −0 is 0 in JSON
      expect(page.problems).toEqual([]);
    },
  );

  test('One step: a walk over the whole tape shows an equation and a line at each operation', async () => {
    const page = await openLab();
    await resultsOf(page, 'oneStep', { panel: 'oneStep' });
    const shown = await page.evaluate(async () => {
      const found: { equation: string; marked: string }[] = [];
      const { lab } = globalThis as unknown as { lab: Lab };
      for (;;) {
        const [before, next] = document.querySelectorAll<HTMLButtonElement>('.walk button');
        if (found.length === 0) while (!before!.disabled) await click(before!);
        found.push({
          equation: document.querySelector('.equation .symbols')!.textContent!,
          marked: document.querySelector('.cm-marked')?.textContent ?? '',
        });
        if (next!.disabled) return { found, position: lab.state.oneStep.position };
        await click(next!);
      }
      async function click(button: HTMLButtonElement): Promise<void> {
        button.click();
        await new Promise((done) => setTimeout(done, 20));
      }
    });
    expect(shown.found).toHaveLength(36);
    expect(shown.position).toBe(35);
    expect(shown.found[17]!.equation).toBe('next = n + z ⊙ (h − n)');
    expect(shown.found[18]!.equation).toBe('∂n += ∂next');
    expect(shown.found[17]!.marked).toContain('const next = n.add(z.mul(h.sub(n)));');
    expect(page.problems).toEqual([]);
  });

  test.each(findings.map(({ id, state, sentence }) => ({ id, state, sentence })))(
    'the link of the finding $id opens its panel, without a question',
    async ({ state, sentence }) => {
      const page = await openLab(encodeLink({ ...initialState, ...state }));
      const found = await page.evaluate(async () => {
        const { lab } = globalThis as unknown as { lab: Lab };
        await new Promise((done) => setTimeout(done, 300));
        return {
          panel: lab.state.panel,
          notice: document.querySelector('.notice') !== null,
          sentences: [...document.querySelectorAll('.findings a')].map(({ textContent }) => textContent),
        };
      });
      expect(found.panel).toBe(state.panel);
      expect(found.notice).toBe(false);
      expect(found.sentences).toContain(sentence);
      expect(page.problems).toEqual([]);
    },
  );
});
