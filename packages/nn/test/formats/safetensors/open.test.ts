import { ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  openSafetensors,
  readSafetensors,
  SafetensorsError,
} from '../../../src/formats/safetensors/index.ts';
import { entry, fileOf } from './files.ts';

/**
 * Two good tensors among three that cannot be read: F8, a dtype of the future, and an int64 beyond
 * int32.
 */
const MIXED = ((): Uint8Array => {
  const header = [
    entry('steps', '[1]', 0, 8).replace('F32', 'I64'),
    entry('first', '[1]', 8, 12),
    entry('eighth', '[2,2]', 12, 16).replace('F32', 'F8_E4M3'),
    entry('later', '[3]', 16, 17).replace('F32', 'Q2_K'),
    entry('last', '[0]', 17, 17),
  ];
  const file = fileOf(`{"__metadata__":{"format":"pt"},${header.join(',')}}`, 17);
  new DataView(file.buffer).setBigInt64(file.length - 17, 2n ** 40n, true);
  return file;
})();

test('An open file lists its tensors and reads each by name, whatever the others are', () => {
  const file = openSafetensors(MIXED);
  expect(file.names).toEqual(['steps', 'first', 'eighth', 'later', 'last']);
  expect({ ...file.metadata }).toEqual({ format: 'pt' });
  expect(file.info('eighth')).toEqual({ dtype: 'F8_E4M3', shape: [2, 2] });
  expect(file.get('first')).toEqual({ dtype: 'F32', shape: [1], data: new Float32Array(1) });
  expect(() => file.get('eighth')).toThrow(
    'tensor "eighth" has the dtype "F8_E4M3", expected one of F64, F32',
  );
  expect(() => file.get('lost')).toThrow(
    'safetensors: the file has no tensor "lost"; it has steps, first, eighth, later, last',
  );
  expect(() => file.info('lost')).toThrow('the file has no tensor "lost"');
  for (const name of ['steps', 'eighth', 'later', 'lost']) {
    try {
      file.get(name);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SafetensorsError);
      expect((error as SafetensorsError).entry).toBe(name);
    }
  }
});

test('Reading whole names the first tensor that cannot be read, or reports each and reads the others', () => {
  expect(() => readSafetensors(MIXED)).toThrow('tensor "steps" holds 1099511627776');
  const left: (string | null)[] = [];
  const { tensors } = readSafetensors(MIXED, { onUnreadable: (error) => left.push(error.entry) });
  expect([...tensors.keys()]).toEqual(['first', 'last']);
  expect(left).toEqual(['steps', 'eighth', 'later']);
});

test('An error of the callback itself is not taken for one of the file', () => {
  const stop = new Error('stop');
  const onUnreadable = (): never => {
    throw stop;
  };
  expect(() => readSafetensors(MIXED, { onUnreadable })).toThrow(stop);
});

test('A file that is damaged as a whole throws an error when it is opened', () => {
  expect(() => openSafetensors(MIXED.subarray(0, MIXED.length - 1))).toThrow('the file is cut short');
  const wide = fileOf(`{${entry('a', '[2]', 0, 4)}}`, 4);
  expect(() => openSafetensors(wide)).toThrow('4 bytes for F32 of shape [2]');
});

test('A header past ten million bytes throws an error unless maxHeaderBytes allows it', () => {
  const file = fileOf('{}'.padEnd(10_000_001));
  expect(() => openSafetensors(file)).toThrow(
    'safetensors: expected a header of at most 10000000 bytes, got 10000001; set maxHeaderBytes if you trust the file',
  );
  expect(openSafetensors(file, { maxHeaderBytes: 10_000_001 }).names).toEqual([]);
  expect(() => openSafetensors(fileOf('{}'), { maxHeaderBytes: 1 })).toThrow('at most 1 bytes, got 2');
});

test('Options are checked', () => {
  expect(() => readSafetensors(MIXED, { onunreadable: () => {} } as object)).toThrow(
    'did you mean onUnreadable?',
  );
  expect(() => readSafetensors(MIXED, { onUnreadable: 'skip' } as object)).toThrow(
    'readSafetensors: expected a function for onUnreadable, got "skip"',
  );
  expect(() => openSafetensors(MIXED, { maxHeaderBytes: NaN })).toThrow(ValueError);
  expect(() => openSafetensors(MIXED, { maxHeaderBytes: NaN })).toThrow(
    'openSafetensors: expected a number above 0 for maxHeaderBytes, got NaN',
  );
});
