/** Right arguments of @chronograd/nn/data: its exports, and methods of its objects. */
export function dataSamples({ data: D, random }) {
  return {
    BytePairEncoding: () => [{ merges: [[97, 98]], specials: ['<end>'] }],
    DataLoader: () => [D.windows([1, 2, 3], { steps: 1 }), { batch: 2, random }],
    StandardScaler: () => [{ mean: [1], std: [2] }],
    Streams: () => [new Int32Array(100), { batch: 2, steps: 5 }],
    Vocabulary: () => [['a', 'b']],
    WordVocabulary: () => [{ words: ['a'], counts: [1], specials: [], unknown: null, pattern: 'a' }],
    paddedBatches: () => [[Int32Array.of(1, 2)], { batch: 1, targets: Int32Array.of(1), buckets: 1 }],
    splitByTime: () => [[1, 2, 3], { test: 1, context: 1 }],
    windows: () => [[1, 2, 3], { steps: 1, horizon: 1, targets: 'shifted' }],
  };
}

/** Methods: the name of the class, of the method, and arguments for a new object. */
export function dataObjects({ data: D, f }) {
  const words = () => D.WordVocabulary.of('a b');
  const pairs = () => D.BytePairEncoding.of('a b', { maxSize: 257, specials: ['<end>'] });
  const characters = () => new D.Vocabulary(['a', 'b']);
  const scaler = () => D.StandardScaler.fit([1, 2]);
  const windows = () => D.windows([1, 2, 3], { steps: 1 });
  const loader = () => new D.DataLoader(windows(), { batch: 1 });
  const rows = [
    ['Vocabulary.of', () => D.Vocabulary, () => ['text']],
    ['Vocabulary.encode', characters, () => ['a']],
    ['Vocabulary.decode', characters, () => [[0]]],
    ['WordVocabulary.of', () => D.WordVocabulary, () => ['text', { minCount: 1, pattern: /a/u }]],
    ['WordVocabulary.encode', words, () => ['a']],
    ['WordVocabulary.decode', words, () => [[0]]],
    ['WordVocabulary.indexOf', words, () => ['a']],
    ['BytePairEncoding.of', () => D.BytePairEncoding, () => ['text', { maxSize: 300 }]],
    ['BytePairEncoding.encode', pairs, () => ['a']],
    ['BytePairEncoding.decode', pairs, () => [[0]]],
    ['BytePairEncoding.indexOf', pairs, () => ['<end>']],
    ['StandardScaler.fit', () => D.StandardScaler, () => [[1, 2]]],
    ['StandardScaler.transform', scaler, () => [f(2)]],
    ['StandardScaler.inverseTransform', scaler, () => [[1, 2]]],
    ['Windows.at', windows, () => [[0]]],
    ['DataLoader.restore', loader, () => [loader().state]],
    ['Streams.seek', () => new D.Streams(new Int32Array(99), { batch: 1, steps: 5 }), () => [0]],
  ];
  return rows.map(([name, object, args]) => ({
    name,
    names: [name, ...name.split('.')],
    args,
    call: (...given) => object()[name.split('.')[1]](...given),
  }));
}
