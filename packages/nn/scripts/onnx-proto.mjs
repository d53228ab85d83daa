/**
 * Reads the parts of ONNX's protobuf files that onnx-node-tests.mjs needs: tensors, and one node
 * with its attributes. Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/**
 * The fields of a message: by number, values in order. A varint is a number; other fields are
 * bytes.
 */
function fieldsOf(bytes) {
  const fields = new Map();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const take = (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const type = key & 7;
    if (type !== 0 && type !== 1 && type !== 2 && type !== 5) throw new Error(`protobuf: wire type ${type}`);
    const value = type === 0 ? varint() : take(type === 2 ? varint() : type === 1 ? 8 : 4);
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const text = (bytes) => new TextDecoder().decode(bytes);
const floats = (bytes) => new Float32Array(bytes.slice().buffer);

/** Numbers as separate fields, or packed into bytes. */
function varints(values = []) {
  return values.flatMap((value) => {
    if (typeof value === 'number') return [value];
    const numbers = [];
    for (let i = 0, number = 0, scale = 1; i < value.length; i++) {
      number += (value[i] & 0x7f) * scale;
      scale *= 128;
      if (value[i] >= 0x80) continue;
      numbers.push(number);
      [number, scale] = [0, 1];
    }
    return numbers;
  });
}

/** A TensorProto of floats or whole numbers, as { name, shape, data }. */
export function tensorOf(bytes) {
  const fields = fieldsOf(new Uint8Array(bytes));
  const type = fields.get(2)[0];
  const raw = fields.get(9)?.[0].slice().buffer;
  const data = {
    1: () => (raw ? new Float32Array(raw) : floats(fields.get(4)[0])),
    6: () => Int32Array.from(raw ? new Int32Array(raw) : varints(fields.get(5))),
    7: () => Int32Array.from(raw ? Array.from(new BigInt64Array(raw), Number) : varints(fields.get(7))),
  }[type];
  if (data === undefined)
    throw new Error(`expected a tensor of float, int32 or int64, got ONNX's data type ${type}`);
  return { name: text(fields.get(8)?.[0]), shape: varints(fields.get(1)), data: data() };
}

/** The only node of a model, and the names of the graph's inputs and outputs. */
export function nodeOf(bytes) {
  const graph = fieldsOf(fieldsOf(new Uint8Array(bytes)).get(7)[0]);
  const node = fieldsOf(graph.get(1)[0]);
  const attributes = (node.get(5) ?? []).map((each) => {
    const fields = fieldsOf(each);
    const value = fields.has(2) ? floats(fields.get(2)[0])[0] : fields.has(3) ? fields.get(3)[0] : undefined;
    const words = fields.get(4) ?? fields.get(9);
    return [text(fields.get(1)[0]), value ?? words?.map(text) ?? []];
  });
  const names = (number) => (graph.get(number) ?? []).map((value) => text(fieldsOf(value).get(1)[0]));
  return {
    nodes: graph.get(1).length,
    type: text(node.get(4)[0]),
    inputs: (node.get(1) ?? []).map(text),
    outputs: (node.get(2) ?? []).map(text),
    attributes: Object.fromEntries(attributes),
    graphInputs: names(11),
    graphOutputs: names(12),
  };
}
