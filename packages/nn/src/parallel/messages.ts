/** What a run and its workers send one another. Trees of tensors become plain data. */
import { type KernelBuild, Tensor, type TypedArray, tensor, ValueError } from '@chronograd/tensor';
import { type Branch, describeValue, mapTree } from '@chronograd/tensor/engine';

/** The first message to a worker. */
export interface StartMessage {
  readonly type: 'start';
  /** For the function that builds the replica. */
  readonly data: unknown;
  readonly kernels: KernelBuild;
  readonly plan: boolean;
  readonly verify: number;
  /** Whether a state is carried from batch to batch. */
  readonly carries: boolean;
  /** The number of random generators. */
  readonly randoms: number;
  /** Names and shapes of the model's parameters, to compare with the replica's. */
  readonly parameters: readonly string[];
  /** The worker's shards. */
  readonly first: number;
  readonly end: number;
  /** Memory for parameters and for the worker's sums; null: they are sent in messages. */
  readonly memory: WorkerMemory | null;
}

export interface WorkerMemory {
  readonly parameters: SharedArrayBuffer;
  readonly sums: SharedArrayBuffer;
}

/** A batch of one shard. */
export interface ShardBatch {
  /** The loss's arguments but for the state. */
  readonly args: readonly unknown[];
  /** The state before it in an object; null: the one after the shard's last batch. */
  readonly before: { readonly state: unknown } | null;
  /** The factor of its gradient in the sum. */
  readonly share: number;
  /** A seed for each random generator. */
  readonly seeds: readonly number[];
}

/** What an update needs of one shard: one batch, or several with `accumulate`. */
export type ShardJob = readonly ShardBatch[];

/** One shard's losses, and the state after its last batch. */
export interface ShardResult {
  readonly losses: readonly number[];
  readonly state: unknown;
}

export interface StepMessage {
  readonly type: 'step';
  /** The worker's jobs, packed. */
  readonly jobs: unknown;
  /** Indices of the parameters that have changed, and their values without shared memory. */
  readonly changed: readonly number[];
  readonly values: readonly TypedArray[] | null;
  /** Whether each module is in training mode, and each parameter frozen. */
  readonly training: readonly boolean[];
  readonly frozen: readonly boolean[];
}

export type ToWorker = StartMessage | StepMessage;

/** An error as plain data: `postMessage` would drop its class. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export type FromWorker =
  /** The worker listens. */
  | { readonly type: 'listening' }
  /** The replica is built. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'done';
      /** `ShardResult`s, packed. */
      readonly results: unknown;
      /** The tensors of each part of the sum, without shared memory. */
      readonly sums: readonly (readonly TypedArray[])[] | null;
    }
  | { readonly type: 'error'; readonly error: SentError };

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: describeValue(error), stack: '' };
  return { name: error.name, message: error.message, stack: error.stack ?? '' };
}

/** A tensor in a message. */
interface Packed {
  readonly $tensor: TypedArray;
  readonly shape: readonly number[];
}

const PLAIN = ['number', 'string', 'boolean', 'undefined', 'bigint'];

/**
 * A tree with its tensors as typed arrays.
 * @throws ValueError for what messages cannot hold.
 */
export function packed(tree: unknown): unknown {
  return mapTree('fit', tree, (leaf, path) => {
    if (leaf instanceof Tensor) return { $tensor: leaf.toTypedArray(), shape: leaf.shape } satisfies Packed;
    if (leaf === null || PLAIN.includes(typeof leaf)) return leaf;
    throw new ValueError(
      `fit: expected tensors and plain values in a batch for workers, got ${describeValue(leaf)} at ${path}`,
    );
  });
}

/** The reverse of `packed`. */
export function unpacked(tree: unknown): unknown {
  const isPacked = (node: unknown): node is Packed =>
    typeof node === 'object' && node !== null && '$tensor' in node;
  const open = (node: unknown): Branch | null =>
    typeof node === 'object' && node !== null && !isPacked(node) ? (node as Branch) : null;
  return mapTree(
    'fit',
    tree,
    (leaf) => (isPacked(leaf) ? tensor(leaf.$tensor, { shape: leaf.shape }) : leaf),
    { open },
  );
}
