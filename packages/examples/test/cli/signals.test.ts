import { afterEach, expect, test, vi } from 'vitest';
import { StopRequest } from '../../src/cli/signals.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('The first signal is remembered as its exit code, its echo is not a second one, and a later one ends the process', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as typeof process.exit);
  const stop = new StopRequest();
  expect(stop.exitCode).toBeNull();
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(900);
  process.emit('SIGINT', 'SIGINT');
  expect(stop.exitCode).toBe(143);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  process.emit('SIGINT', 'SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(143);
  stop.close();
});

test('Once closed it leaves no listener behind', () => {
  const listeners = (): number =>
    process.listenerCount('SIGINT') + process.listenerCount('SIGTERM') + process.listenerCount('SIGHUP');
  const before = listeners();
  const stop = new StopRequest();
  expect(listeners()).toBe(before + 3);
  stop.close();
  expect(listeners()).toBe(before);
});
