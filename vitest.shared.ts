/** Test files that share a process must not leave the runtime changed for the next one. */
import { afterAll, expect } from 'vitest';
import { runtime } from './packages/tensor/src/runtime.ts';

const before = { ...runtime };
afterAll(() => expect(runtime).toEqual(before));
