/** Display name of a cell. */
export function cellName(cell: string, forgetBias = 0): string {
  const known: Readonly<Record<string, string>> = {
    rnn: 'RNN',
    lstm: 'LSTM',
    gru: 'GRU',
    'peephole-lstm': 'peephole LSTM',
    'layer-norm-lstm': 'layer-norm LSTM',
    'coupled-lstm': 'coupled LSTM',
    mgu: 'MGU',
    'min-gru': 'minGRU',
    'ind-rnn': 'IndRNN',
    'antisymmetric-rnn': 'antisymmetric',
    'fast-grnn': 'FastGRNN',
  };
  const name = known[cell] ?? cell;
  return forgetBias === 0 ? name : `${name}, forget bias ${forgetBias}`;
}

/** Display name of initial weights. */
export function initName(init: unknown): string {
  const known: Readonly<Record<string, string>> = {
    pytorch: 'PyTorch’s',
    'xavier-normal': 'Xavier’s',
    orthogonal: 'orthogonal',
  };
  return known[String(init)] ?? JSON.stringify(init);
}
