/** The networks of `seq2seq`, and two ways to write with them. */
import {
  AdditiveAttention,
  Cell,
  Embedding,
  GRU,
  GRUCell,
  Linear,
  type Memory,
  Module,
  Recurrent,
  type Step,
} from '@chronograd/nn';
import { concat, type Random, scope, type Tensor, tensor } from '@chronograd/tensor';
import { begin, end, textOf } from './seq2seq-tasks.ts';

const EMBEDDED = 24;
/** Beginnings that a beam keeps. */
export const BEAM = 4;

interface DecoderState {
  readonly h: Tensor;
  /** What attention reads: null without. */
  readonly memory: Memory | null;
}

/** Reads the embedded letter before and, with attention, a context of the encoder's outputs. */
class Decoder extends Cell<DecoderState> {
  readonly attention: AdditiveAttention | null;
  readonly cell: GRUCell;
  constructor(hidden: number, attends: boolean, random: Random) {
    super();
    this.attention = attends ? new AdditiveAttention(hidden, hidden, hidden, { random }) : null;
    this.cell = new GRUCell(EMBEDDED + (attends ? hidden : 0), hidden, { random });
  }
  initialState(): DecoderState {
    throw new Error('The decoder begins with the state of the encoder');
  }
  step(x: Tensor, { h, memory }: DecoderState): Step<DecoderState> {
    if (this.attention === null || memory === null) {
      const next = this.cell.step(x, h).output;
      return { output: next, state: { h: next, memory } };
    }
    const { context, weights } = this.attention.forward(h, memory);
    this.tap('weights', weights);
    const next = this.cell.step(concat([x, context], 1), h).output;
    return { output: next, state: { h: next, memory } };
  }
}

/** An encoder, and a decoder with or without attention. */
export class Seq2Seq extends Module {
  readonly letters: Embedding;
  readonly encoder: GRU;
  readonly bridge: Linear;
  readonly decoder: Recurrent<Decoder>;
  readonly head: Linear;
  constructor(letters: number, hidden: number, attends: boolean, random: Random) {
    super();
    this.letters = new Embedding(letters, EMBEDDED, { random });
    this.encoder = new GRU(EMBEDDED, hidden / 2, { bidirectional: true, random });
    this.bridge = new Linear(hidden, hidden, { random });
    this.decoder = new Recurrent(new Decoder(hidden, attends, random));
    this.head = new Linear(hidden, letters, { random });
  }
  encode(input: Tensor): DecoderState {
    const { outputs } = this.encoder.forward(this.letters.forward(input));
    const [ahead] = outputs.select(-1).chunk(2, -1);
    const [, back] = outputs.select(0).chunk(2, -1);
    const h = this.bridge.forward(concat([ahead, back], 1)).tanh();
    return { h, memory: this.decoder.cell.attention?.memory(outputs) ?? null };
  }
  /** Logits [T, B, V], each from the true letters before it: teacher forcing. */
  forward(input: Tensor, before: Tensor): Tensor {
    return this.head.forward(this.decoder.forward(this.letters.forward(before), this.encode(input)).outputs);
  }
}

/** The likeliest letter at each step, for all inputs at once. */
export function greedy(model: Seq2Seq, input: Tensor, steps: number): string[] {
  return scope(() => {
    let state = model.encode(input);
    let letter = tensor(new Array<number>(input.shape[1]!).fill(begin), { dtype: 'int32' });
    const rows = Array.from({ length: steps }, () => {
      const next = model.decoder.cell.step(model.letters.forward(letter), state);
      state = next.state;
      letter = model.head.forward(next.output).argmax(-1);
      return [...letter.toTypedArray()];
    });
    return rows[0]!.map((_, n) => textOf(rows.map((row) => row[n]!)));
  });
}

/** The likeliest text among the `BEAM` likeliest beginnings at each step, for one input. */
export function beam(model: Seq2Seq, input: Tensor, steps: number): string {
  return scope(() => {
    let state = model.encode(input);
    let found: { letters: number[]; score: number; row: number }[] = [{ letters: [begin], score: 0, row: 0 }];
    for (let t = 0; t < steps; t++) {
      const last = tensor(
        found.map((each) => each.letters.at(-1)!),
        { dtype: 'int32' },
      );
      const next = model.decoder.cell.step(model.letters.forward(last), state);
      const logs = model.head.forward(next.output).logSoftmax().toArray() as number[][];
      found = found
        .flatMap(({ letters, score }, row) =>
          letters.at(-1) === end
            ? [{ letters: [...letters, end], score, row }]
            : logs[row]!.map((log, letter) => ({ letters: [...letters, letter], score: score + log, row })),
        )
        .sort((a, b) => b.score - a.score)
        .slice(0, BEAM);
      const rows = tensor(
        found.map(({ row }) => row),
        { dtype: 'int32' },
      );
      const { h, memory } = next.state;
      const kept = memory && {
        ...memory,
        keys: memory.keys.gather(rows),
        values: memory.values.gather(rows),
      };
      state = { h: h.gather(rows), memory: kept };
    }
    return textOf(found[0]!.letters.slice(1));
  });
}
