/** Parts of sample calls: tensors, layers and weights, each a new one. */
export function kitOf(packages) {
  const { tensor: T, nn: N } = packages;
  const random = new T.Random(1);
  const f = (...shape) => T.normal(shape, { random });
  const i32 = (values) => T.tensor(values, { dtype: 'int32' });
  const linear = () => new N.Linear(2, 1, { random });
  const cell = () => new N.RNNCell(2, 3, { random });
  const recurrent = () => new N.Recurrent(cell());
  const makeCell = ({ inputSize, hiddenSize, ...rest }) => new N.RNNCell(inputSize, hiddenSize, rest);
  const unary = () => [f(2, 3)];
  const binary = () => [f(2, 3), f(2, 3)];
  const layer = () => [2, 3, { random, dtype: 'float32' }];
  const bptt = (gates) => () => {
    const rows = (count) => Array.from({ length: count }, () => [0.1]);
    const weights = {
      Wxh: rows(gates),
      Whh: rows(gates),
      Why: rows(2),
      bh: new Array(gates).fill(0),
      by: [0, 0],
    };
    return [gates === 3 ? { ...weights, bx: [0, 0, 0] } : weights, [[[1]]], [[0]]];
  };
  const forward = (gates) => () => bptt(gates)().slice(0, 2);
  return {
    ...packages,
    T,
    N,
    A: packages.autograd,
    random,
    f,
    i32,
    linear,
    cell,
    recurrent,
    makeCell,
    unary,
    binary,
    layer,
    bptt,
    forward,
  };
}
