/** Right arguments of @chronograd/nn/data: its exports, and methods of its objects. */
export function dataSamples() {
  return {
    Streams: () => [new Int32Array(100), { batch: 2, steps: 5 }],
    Vocabulary: () => [['a', 'b']],
  };
}

export function dataObjects({ data: D }) {
  const row = (name, args, call) => ({ name, names: [name, ...name.split('.')], args, call });
  return [
    row(
      'Vocabulary.of',
      () => ['text'],
      (...args) => D.Vocabulary.of(...args),
    ),
    row(
      'Vocabulary.encode',
      () => ['a'],
      (...args) => new D.Vocabulary(['a', 'b']).encode(...args),
    ),
    row(
      'Vocabulary.decode',
      () => [[0]],
      (...args) => new D.Vocabulary(['a', 'b']).decode(...args),
    ),
    row(
      'Streams.seek',
      () => [0],
      (...args) => new D.Streams(new Int32Array(99), { batch: 1, steps: 5 }).seek(...args),
    ),
  ];
}
