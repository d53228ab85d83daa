/** The header of a safetensors file: nothing in it is believed before it is checked. */
import { quoted } from '@chronograd/tensor/engine';
import { listedShape } from '../exchange/bounded.ts';
import { elementCount, isStoredDtype, STORED_BYTES } from '../exchange/elements.ts';
import { METADATA, problem, SafetensorsError } from './format.ts';
import { HeaderReader } from './json-header.ts';

/** What the header says of a tensor. */
export interface Entry {
  readonly name: string;
  /** As the header has it. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte and the one after the last, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** What the header says. */
export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a header. Each tensor is checked as it is read, so that a long header is refused at its first mistake.
 * @param length bytes after the header
 * @throws SafetensorsError for what the format does not allow
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
  // Before any is converted: a file of few bytes that all tensors share must not become much memory.
  checkCover([...entries.values()], length);
  return { entries, metadata };
}

function readMetadata(reader: HeaderReader, metadata: Record<string, string>): void {
  if (!reader.begins('{')) throw new SafetensorsError(`safetensors: ${METADATA} is no object`);
  const has = (key: string): boolean => key in metadata;
  reader.object(has, (key) => {
    if (!reader.begins('"'))
      throw new SafetensorsError(`safetensors: ${METADATA} ${quoted(key)} is no string`);
    metadata[key] = reader.string();
  });
}

function readEntry(name: string, reader: HeaderReader, length: number): Entry {
  if (!reader.begins('{')) throw problem(name, 'is no object in the header');
  const fields: { dtype?: string; shape?: readonly number[]; data_offsets?: readonly number[] } = {};
  const has = (field: string): boolean => Object.hasOwn(fields, field);
  reader.object(has, (field) => {
    if (field === 'dtype') {
      if (!reader.begins('"')) throw problem(name, 'has a dtype that is no string');
      fields.dtype = reader.string();
    } else if (field === 'shape' || field === 'data_offsets') {
      if (!reader.begins('[')) throw problem(name, `has a ${field} that is no array of whole numbers`);
      fields[field] = reader.numbers();
    } else throw problem(name, `has an unknown field ${quoted(field)}`);
  });
  const { dtype, shape, data_offsets: offsets } = fields;
  if (dtype === undefined || shape === undefined || offsets === undefined)
    throw problem(
      name,
      `has the fields ${Object.keys(fields).join(', ') || 'none'}, expected dtype, shape and data_offsets`,
    );
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined || begin > end)
    throw problem(name, `has data_offsets ${listedShape(offsets)}, expected a begin and an end after it`);
  // Of a dtype that is not known nobody can say how many bytes it takes.
  const count = elementCount(shape);
  if (isStoredDtype(dtype) && (count === null || count * STORED_BYTES[dtype] !== end - begin))
    throw problem(name, `has ${end - begin} bytes for ${dtype} of shape ${listedShape(shape)}`);
  if (end > length) throw problem(name, `ends at byte ${end} of ${length}: the file is cut short or damaged`);
  return { name, dtype, shape, begin, end };
}

/** Every byte belongs to exactly one tensor; tensors without elements may stand anywhere that one ends. */
function checkCover(entries: readonly Entry[], length: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered)
      throw problem(name, `overlaps another: it begins at byte ${begin}, and that ends at ${covered}`);
    if (begin > covered)
      throw problem(name, `leaves a hole: it begins at byte ${begin}, and what is before ends at ${covered}`);
    covered = end;
  }
  if (covered !== length) {
    throw new SafetensorsError(`safetensors: ${length - covered} bytes after the last tensor belong to none`);
  }
}
