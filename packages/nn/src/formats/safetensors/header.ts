/** The header of a safetensors file. Every field is checked before it is used. */
import { quoted } from '@chronograd/tensor/engine';
import { listedShape } from '../exchange/bounded.ts';
import { byteCount, isStoredDtype } from '../exchange/elements.ts';
import { fileError, METADATA, tensorError } from './format.ts';
import { HeaderReader } from './json-header.ts';

/** One tensor of the header. */
export interface Entry {
  readonly name: string;
  /** As in the header, whether or not it can be read. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte and the byte after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a header. Each tensor is checked as it is read, so a long header fails at its first
 * mistake.
 * @param length number of bytes after the header
 * @throws SafetensorsError for anything that the format does not allow
 */
export function readHeader(text: string, length: number): Header {
  const reader = new HeaderReader(text);
  const entries = new Map<string, Entry>();
  // Without a prototype even `__proto__` is an ordinary key.
  const metadata = Object.create(null) as Record<string, string>;
  let hasMetadata = false;
  reader.object(
    (name) => entries.has(name) || (hasMetadata && name === METADATA),
    (name) => {
      if (name !== METADATA) entries.set(name, readEntry(name, reader, length));
      else {
        readMetadata(reader, metadata);
        hasMetadata = true;
      }
    },
  );
  reader.end();
  // Before any tensor is converted: many tensors that share few bytes could fill the memory.
  checkCover([...entries.values()], length);
  return { entries, metadata };
}

function readMetadata(reader: HeaderReader, metadata: Record<string, string>): void {
  if (!reader.begins('{')) throw fileError(`${METADATA} is not an object`);
  const has = (key: string): boolean => key in metadata;
  reader.object(has, (key) => {
    if (!reader.begins('"')) throw fileError(`${METADATA} ${quoted(key)} is not a string`);
    metadata[key] = reader.string();
  });
}

function readEntry(name: string, reader: HeaderReader, length: number): Entry {
  const error = tensorError(name);
  if (!reader.begins('{')) throw error('is not an object in the header');
  const fields: { dtype?: string; shape?: readonly number[]; data_offsets?: readonly number[] } = {};
  const has = (field: string): boolean => Object.hasOwn(fields, field);
  reader.object(has, (field) => {
    if (field === 'dtype') {
      if (!reader.begins('"')) throw error('has a dtype that is not a string');
      fields.dtype = reader.string();
    } else if (field === 'shape' || field === 'data_offsets') {
      if (!reader.begins('[')) throw error(`has a ${field} that is not an array of whole numbers`);
      fields[field] = reader.numbers();
    } else throw error(`has an unknown field ${quoted(field)}`);
  });
  const { dtype, shape, data_offsets: offsets } = fields;
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    const found = Object.keys(fields).join(', ') || 'none';
    throw error(`has the fields ${found}, expected dtype, shape and data_offsets`);
  }
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined || begin > end)
    throw error(`has data_offsets ${listedShape(offsets)}, expected a begin and an end after it`);
  // The size of an unknown dtype is unknown.
  if (isStoredDtype(dtype) && byteCount(dtype, shape) !== end - begin)
    throw error(`has ${end - begin} bytes for ${dtype} of shape ${listedShape(shape)}`);
  if (end > length) throw error(`ends at byte ${end} of ${length}: the file is cut short or damaged`);
  return { name, dtype, shape, begin, end };
}

/** Every byte belongs to exactly one tensor. Tensors without elements may be where another ends. */
function checkCover(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const where = `begins at byte ${begin}, and the one before ends at ${covered}`;
    if (begin < covered) throw tensorError(name)(`overlaps another: it ${where}`);
    if (begin > covered) throw tensorError(name)(`leaves a gap: it ${where}`);
    covered = end;
  }
  if (covered !== length) throw fileError(`${length - covered} bytes after the last tensor belong to none`);
}
