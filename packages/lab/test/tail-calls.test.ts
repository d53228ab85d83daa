import { afterEach, expect, test } from 'vitest';
import { type OneStepEvent, oneStep } from '../src/engine/one-step.ts';
import { compile, loadWith } from '../src/engine/program.ts';
import { withoutTailCalls } from '../src/engine/tail-calls.ts';
import { presets } from '../src/presets/index.ts';
import { oneStepDefaults } from '../src/settings/one-step.ts';

afterEach(() => loadWith(() => null));

const changed = (code: string): string => withoutTailCalls(code, 'v');

test('a function that ends with a call assigns what it returns', () => {
  expect(changed('return f(x);')).toBe('return v = f(x);');
  expect(changed('const g = (x) => f(x)')).toBe('const g = (x) => v = f(x)');
  expect(changed('xs.map(x => ({ x }))')).toBe('xs.map(x => v = ({ x }))');
});

test.each([
  'return;',
  'if (done) { return }',
  'const f = () => { g(); }',
  '\'return f(x)\' + "=> f" + `return f(x)`',
  '// return f(x)',
  '/* x => f(x)\n return f(x) */',
  'iterator.return (x)',
  'const returned = f(x)',
])('%s is left as it is', (code) => {
  expect(changed(code)).toBe(code);
});

test.each(presets)('$id computes the same step without tail calls', ({ code }) => {
  const step = (): OneStepEvent[] => [
    ...(oneStep([compile(code)], oneStepDefaults) as Iterable<OneStepEvent>),
  ];
  const wanted = step();
  let loaded = 0;
  loadWith((text) => {
    loaded++;
    const source = `let v;${changed(text)}`;
    expect(source.split('\n')).toHaveLength(text.split('\n').length);
    // biome-ignore lint/security/noGlobalEval: programs are evaluated in the page too
    return { value: globalThis.eval(source) as unknown, file: 'cell.ts' };
  });
  expect(step()).toEqual(wanted);
  expect(loaded).toBe(1);
});
