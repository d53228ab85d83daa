/** Safetensors files put together by hand, so that a test can put them together wrong. */

/** Eight bytes with a length, the header's bytes, then the data. */
export function fileOf(header: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array {
  const bytes = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + bytes.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(bytes.length), true);
  file.set(bytes, 8);
  return file;
}

/** The header line of one float32 tensor. */
export function entry(name: string, shape: string, begin: number | string, end: number | string): string {
  return `${JSON.stringify(name)}:{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;
}
