import { expect, test } from 'vitest';
import { inChromium } from './browsers.ts';

inChromium((openLab) => {
  test('a word under the pointer shows its type and documentation', async () => {
    const { playwright: page, problems, requests } = await openLab();
    expect(requests.filter((url) => url.includes('types'))).toEqual([]);
    const line = page.locator('.cm-line', { hasText: 'const init = uniformInit(' });
    for (const x of [170, 172]) await line.hover({ position: { x, y: 8 } }); // in the name
    const tooltip = page.locator('.type-tooltip');
    await tooltip.waitFor();
    expect(await tooltip.locator('code').textContent()).toBe('uniformInit(size: number): Initializer');
    expect(await tooltip.locator('p').textContent()).toMatch(/^Uniform within/);
    expect(problems).toEqual([]);
  });
});
