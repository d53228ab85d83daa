import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTextParts } from '../../../src/char-rnn/corpora/text-file.ts';
import { prepareText, readText } from '../../../src/char-rnn/training-text.ts';
import { UsageError } from '../../../src/cli/errors.ts';
import { newFolder } from '../folder.ts';

const textOf = (file: string): string => [...readTextParts(file)].map(({ text }) => text).join('');

/**
 * The error for a file with this content, or for something else in its place.
 */
function complaint(file: string): string {
  try {
    textOf(file);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    const { message } = error as UsageError;
    expect(message).not.toContain('\n');
    return message.replace(file, 'FILE');
  }
  throw new Error('the file was read');
}

function fileWith(content: string | readonly number[]): string {
  const file = join(newFolder(), 'text');
  writeFileSync(file, typeof content === 'string' ? content : Uint8Array.from(content));
  return file;
}

test('a UTF-8 file is read whole, without its byte order mark', () => {
  const file = fileWith('\ufeffThe whale, naïve – 鯨 🐳\r\n\0end');
  expect(textOf(file)).toBe('The whale, naïve – 鯨 🐳\r\n\0end');
});

test('Parts of any size are whole characters, and end where the bytes of the file do', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'é', '鯨', '🐳', '\ufeff'),
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 9 }), fc.boolean(), (text, partBytes, marked) => {
      const file = fileWith(`${marked ? '\ufeff' : 'a'}${text}`);
      const parts = [...readTextParts(file, partBytes)];
      const size = statSync(file).size;
      expect(parts.map((part) => part.text).join('')).toBe(`${marked ? '' : 'a'}${text}`);
      expect(parts.map(({ end }) => end)).toEqual(parts.map((_, i) => Math.min(size, (i + 1) * partBytes)));
      for (const part of parts) expect(part.text).not.toMatch(/\p{Cs}/u);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('A file is read in parts, and characters across their bounds are whole', async () => {
  // After a mark of 3 bytes, the bound of 4 MiB is 2 bytes into these characters.
  const textWith = (last: string): string => `${'a'.repeat(4 * 1024 * 1024 - 5)}${last.repeat(3)}\ufeffend`;
  for (const last of ['é', '鯨', '🐳']) {
    const parts = [...readTextParts(fileWith(`\ufeff${textWith(last)}`))];
    expect(parts).toHaveLength(2);
    expect(parts.map((part) => part.text).join('') === textWith(last)).toBe(true);
  }
  const text = textWith('🐳');
  const file = fileWith(text);
  const splits = { holdOut: 0.1, batch: 1, steps: 5 };
  const shares: number[] = [];
  const read = await readText({ file }, splits, async (_, share) => shares.push(share) > 0);
  expect(shares.at(-1)).toBe(1);
  const whole = prepareText({ name: file, text }, splits);
  expect(read.name).toBe(file);
  expect(read.sha256).toBe(whole.sha256);
  expect(read.vocabulary.characters).toEqual(whole.vocabulary.characters);
  expect(Buffer.compare(Buffer.from(read.heldOut), Buffer.from(whole.heldOut))).toBe(0);
  const invalid = fileWith([...Buffer.alloc(4 * 1024 * 1024 - 1, 'a'), 0xe9, 0x0a]);
  expect(complaint(invalid)).toContain(`(byte 0xE9 at offset ${4 * 1024 * 1024 - 1})`);
});

test('a file that is missing, empty, or a directory is named as that', () => {
  const folder = newFolder();
  expect(complaint(join(folder, 'none'))).toBe('cannot read the text FILE: no such file or directory');
  expect(complaint(fileWith(''))).toBe('the text FILE is empty');
  expect(complaint(fileWith('\ufeff'))).toBe('the text FILE is empty but for a byte order mark');
  mkdirSync(join(folder, 'sub'));
  expect(complaint(join(folder, 'sub'))).toBe('the text FILE: expected a file, got a directory');
  expect(complaint(join(fileWith('a'), 'b'))).toContain('a part of the path is not a directory');
  expect(complaint('a\0b')).toContain('not a possible file name');
});

test('a file that is not UTF-8 throws an error with the place of the byte and the cure', () => {
  expect(complaint(fileWith([0x63, 0x61, 0x66, 0xe9, 0x0a]))).toBe(
    'the text FILE is not UTF-8 (byte 0xE9 at offset 3): iconv -f ISO-8859-1 -t UTF-8 would convert it if that is its encoding',
  );
  expect(complaint(fileWith([0xff, 0xfe, 0x41, 0x00]))).toBe(
    'the text FILE is not UTF-8 (byte 0xFF at offset 0): iconv -f UTF-16 -t UTF-8 would convert it',
  );
  expect(complaint(fileWith([0x41, 0xe2, 0x82]))).toContain('(byte 0xE2 at offset 1)');
});

test.runIf(existsSync('/dev/zero'))(
  'devices and pipes throw an error immediately, although they never end',
  () => {
    const pipe = join(newFolder(), 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const file of [pipe, '/dev/zero', '/dev/null']) {
      expect(complaint(file)).toBe(
        'the text FILE: expected a file, got a pipe or a device; save it to a file first',
      );
    }
  },
);
