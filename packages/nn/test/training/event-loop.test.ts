import { afterEach, expect, test, vi } from 'vitest';
import { nextTask, Pauses } from '../../src/training/event-loop.ts';

afterEach(() => void vi.unstubAllGlobals());

/** The order in which a task that waits already and the code after `nextTask` run. */
async function orderOf(wait: (task: () => void) => unknown): Promise<string[]> {
  const order: string[] = [];
  wait(() => order.push('task'));
  await nextTask();
  order.push('after');
  return order;
}

test('The next task is after those that wait: with immediates, with channels as in browsers, and with timers', async () => {
  const { setTimeout: timer } = globalThis;
  expect(await orderOf(setImmediate)).toEqual(['task', 'after']);
  vi.stubGlobal('setImmediate', undefined);
  const post = (task: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.once('message', () => {
      task();
      port1.close();
    });
    port2.postMessage(null);
  };
  expect(await orderOf(post)).toEqual(['task', 'after']);
  vi.stubGlobal('MessageChannel', undefined);
  expect(await orderOf((task) => timer(task, 0))).toEqual(['task', 'after']);
  vi.stubGlobal('setTimeout', undefined);
  await nextTask(); // nothing to wait with
});

test('A pause is due after 50 ms, also if the clock was set back', async () => {
  let now = 1000;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  const pauses = new Pauses(() => Promise.resolve());
  expect(pauses.due()).toBeNull();
  now = 1049;
  expect(pauses.due()).toBeNull();
  now = 1050;
  await pauses.due();
  expect(pauses.due()).toBeNull();
  now = 10;
  expect(pauses.due()).toBeInstanceOf(Promise);
  vi.restoreAllMocks();
});
