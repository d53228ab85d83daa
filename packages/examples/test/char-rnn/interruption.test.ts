import { afterEach, expect, test, vi } from 'vitest';
import { Interruption } from '../../src/char-rnn/interruption.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('The first signal is remembered as its exit code, its echo is not a second one, and a later one ends the process', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as typeof process.exit);
  const interruption = new Interruption();
  expect(interruption.exitCode).toBeNull();
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(900);
  process.emit('SIGINT', 'SIGINT');
  expect(interruption.exitCode).toBe(143);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  process.emit('SIGINT', 'SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(143);
  interruption.close();
});

test('Once closed it leaves no listener behind', () => {
  const listeners = (): number =>
    process.listenerCount('SIGINT') + process.listenerCount('SIGTERM') + process.listenerCount('SIGHUP');
  const before = listeners();
  const interruption = new Interruption();
  expect(listeners()).toBe(before + 3);
  interruption.close();
  expect(listeners()).toBe(before);
});
