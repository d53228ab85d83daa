/** The models of `ladder`, from a table to a small transformer. */
import {
  CausalConv1d,
  type Cell,
  dotProductAttention,
  Embedding,
  LayerNorm,
  Linear,
  Module,
  Recurrent,
} from '@chronograd/nn';
import { arange, type Random, type Tensor } from '@chronograd/tensor';

/** Characters of a window. */
export const STEPS = 48;
const [CONTEXT, EMBEDDED] = [8, 24];

/** Logits [T, B, V] for the next character after each of [T, B]. */
export abstract class TextModel extends Module {
  abstract forward(x: Tensor): Tensor;
}

/** The next character from the last one: a table. */
export class Bigram extends TextModel {
  readonly table: Embedding;
  constructor(vocabulary: number, random: Random) {
    super();
    this.table = new Embedding(vocabulary, vocabulary, { random });
  }
  forward(x: Tensor): Tensor {
    return this.table.forward(x);
  }
}

/** From the last 8 characters: an embedding and one hidden layer. Bengio and others, 2003. */
export class Mlp extends TextModel {
  readonly embedding: Embedding;
  readonly hidden: CausalConv1d;
  readonly decoder: Linear;
  constructor(vocabulary: number, hidden: number, random: Random) {
    super();
    this.embedding = new Embedding(vocabulary, EMBEDDED, { random });
    this.hidden = new CausalConv1d(EMBEDDED, hidden, CONTEXT, { random });
    this.decoder = new Linear(hidden, vocabulary, { random });
  }
  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.hidden.forward(this.embedding.forward(x)).tanh());
  }
}

/** From all characters before, through a state. */
export class RecurrentModel extends TextModel {
  readonly recurrent: Recurrent<Cell<unknown>>;
  readonly decoder: Linear;
  constructor(vocabulary: number, hidden: number, cell: Cell<unknown>, random: Random) {
    super();
    this.recurrent = new Recurrent(cell);
    this.decoder = new Linear(hidden, vocabulary, { random });
  }
  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.recurrent.forward(x).outputs);
  }
}

/** Attention to earlier characters, then a layer for each. Vaswani and others, 2017. */
class Block extends Module {
  readonly heads = 4;
  readonly before: readonly [LayerNorm, LayerNorm];
  readonly projection: Linear;
  readonly merge: Linear;
  readonly wide: Linear;
  readonly narrow: Linear;
  constructor(width: number, random: Random) {
    super();
    this.before = [new LayerNorm(width), new LayerNorm(width)];
    this.projection = new Linear(width, 3 * width, { random, bias: false });
    this.merge = new Linear(width, width, { random });
    this.wide = new Linear(width, 4 * width, { random });
    this.narrow = new Linear(4 * width, width, { random });
  }
  /** @param x shape [B, T, E]. */
  forward(x: Tensor): Tensor {
    const [B, T, E] = x.shape as [number, number, number];
    const split = (y: Tensor): Tensor => y.reshape([B, T, this.heads, E / this.heads]).transpose(1, 2);
    const [q, k, v] = this.projection.forward(this.before[0].forward(x)).chunk(3, -1).map(split);
    const { output } = dotProductAttention(q!, k!, v!, { causal: true });
    const read = x.add(this.merge.forward(output.transpose(1, 2).reshape([B, T, E])));
    return read.add(this.narrow.forward(this.wide.forward(this.before[1].forward(read)).relu()));
  }
}

export class Transformer extends TextModel {
  readonly embedding: Embedding;
  readonly positions: Embedding;
  readonly blocks: readonly Block[];
  readonly norm: LayerNorm;
  readonly decoder: Linear;
  constructor(vocabulary: number, width: number, random: Random) {
    super();
    this.embedding = new Embedding(vocabulary, width, { random });
    this.positions = new Embedding(STEPS, width, { random });
    this.blocks = [new Block(width, random), new Block(width, random)];
    this.norm = new LayerNorm(width);
    this.decoder = new Linear(width, vocabulary, { random });
  }
  forward(x: Tensor): Tensor {
    const places = this.positions.forward(arange(x.shape[0]!, { dtype: 'int32' }));
    const first = this.embedding.forward(x.transpose()).add(places);
    const last = this.blocks.reduce((y, block) => block.forward(y), first);
    return this.decoder.forward(this.norm.forward(last)).transpose(0, 1);
  }
}
