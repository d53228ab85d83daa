/** Numbers and modules that are refused, in words. */
import { DtypeError, type FloatDtype, ValueError } from '@chronograd/tensor';
import { describeValue, foreignPackage, showValue } from '@chronograd/tensor/engine';
import type { Module } from '../module.ts';

/** @throws ValueError unless the value is a finite number. */
export function requireFinite(what: string, name: string, value: number): void {
  requireThat(what, name, value, 'a finite number', Number.isFinite(value));
}

/** @throws ValueError unless the value is a finite number from 0 on. */
export function requireFromZero(what: string, name: string, value: number): void {
  requireThat(what, name, value, 'a number from 0 on', Number.isFinite(value) && value >= 0);
}

/** @throws ValueError unless the value is a finite number above 0. */
export function requireAboveZero(what: string, name: string, value: number): void {
  requireThat(what, name, value, 'a number above 0', Number.isFinite(value) && value > 0);
}

/** @throws ValueError unless 0 ≤ value < 1. */
export function requireDecay(what: string, name: string, value: number): void {
  requireThat(
    what,
    name,
    value,
    'a number from 0 on, below 1',
    Number.isFinite(value) && value >= 0 && value < 1,
  );
}

/** @throws ValueError unless the value is a whole number from 1 on. */
export function requireCount(what: string, name: string, value: number): void {
  requireThat(what, name, value, 'a whole number from 1 on', Number.isSafeInteger(value) && value >= 1);
}

/** @throws DtypeError unless the value is a float dtype, or undefined. */
export function requireFloatDtype(what: string, dtype: FloatDtype | undefined): void {
  if (dtype === undefined || dtype === 'float32' || dtype === 'float64') return;
  throw new DtypeError(`${what}: expected dtype 'float32' or 'float64', got ${describeValue(dtype)}`);
}

/** @throws ValueError unless the value is a whole number from 0 on. */
export function requireBatch(what: string, batch: number): void {
  requireThat(what, 'batch', batch, 'a whole number from 0 on', Number.isSafeInteger(batch) && batch >= 0);
}

/** What came as a module. @throws ValueError where it is none. */
export function requireModule<M extends Module>(what: string, module: M): M {
  if (typeof module?.stateForm === 'function' && foreignPackage(module) === null) return module;
  throw new ValueError(`${what}: ${describeValue(module)} came, a module was expected`);
}

function requireThat(what: string, name: string, value: unknown, expected: string, holds: boolean): void {
  if (holds && typeof value === 'number') return;
  throw new ValueError(`${what}: ${name} ${showValue(value)} came, ${expected} was expected`);
}
