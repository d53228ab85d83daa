/** What a cell is called in sentences and plots. */
export function cellWords(cell: string): string {
  const known: Readonly<Record<string, string>> = {
    rnn: 'RNN',
    lstm: 'LSTM',
    'lstm+1': 'LSTM, forget bias 1',
    gru: 'GRU',
    'coupled-lstm': 'coupled LSTM',
    mgu: 'MGU',
    'min-gru': 'minGRU',
    'ind-rnn': 'IndRNN',
    'antisymmetric-rnn': 'antisymmetric',
    'fast-grnn': 'FastGRNN',
  };
  return known[cell] ?? cell;
}
