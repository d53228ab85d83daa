/**
 * A thread that runs the fuzzer, and reports its position in two shared numbers: program, calls.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './fuzz.ts';

interface Order {
  readonly seed: number;
  readonly first: number;
  readonly calls: number;
  readonly stop?: boolean;
  readonly programs?: number;
  readonly seconds?: number;
  readonly current: Int32Array;
}

const { seed, first, calls, stop = false, programs = 1e9, seconds = 1e9, current } = workerData as Order;
const end = performance.now() + 1000 * seconds;

const outcome = fuzz({
  seed,
  first,
  calls,
  stop,
  goOn: (program, made) => {
    current[0] = program;
    current[1] = made;
    return program < first + programs && performance.now() < end;
  },
});
parentPort?.postMessage(outcome);
