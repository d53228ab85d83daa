import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/errors.ts';
import { fileError, readRegularFile } from '../../src/cli/read-file.ts';
import { newFolder } from '../char-rnn/folder.ts';

test('an error of the file system becomes a sentence about the file', () => {
  const error = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
  const reported = fileError(error, 'the text a.txt', 'read');
  expect(reported).toBeInstanceOf(UsageError);
  expect((reported as UsageError).message).toBe('cannot read the text a.txt: permission denied');
  const rare = Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
  expect((fileError(rare, 'x', 'write') as UsageError).message).toBe('cannot write x: EIO: i/o error, write');
});

test('an error that is not of the file system is unchanged', () => {
  const fault = new TypeError('a bug');
  expect(fileError(fault, 'x', 'read')).toBe(fault);
  const coded = Object.assign(new Error('node'), { code: 'ERR_OUT_OF_RANGE' });
  expect(fileError(coded, 'x', 'read')).toBe(coded);
  expect(fileError('text', 'x', 'read')).toBe('text');
});

test('a file larger than allowed throws an error before it is read', () => {
  const file = join(newFolder(), 'large');
  writeFileSync(file, 'abcd');
  expect(readRegularFile(file, 'the text', 4).toString()).toBe('abcd');
  expect(() => readRegularFile(file, 'the text', 3)).toThrow('expected at most 3 bytes, got 4');
});
