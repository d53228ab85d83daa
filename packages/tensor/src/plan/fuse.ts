/**
 * Fusion of a plan's launches. Elementwise launches over the same elements that share a tensor form
 * a group, which becomes one launch of a generated kernel. Results that nothing outside the group
 * reads are never stored. Launches may change places, but not across one that uses the same memory.
 */
import type { Block, Blocks, Step } from './blocks.ts';
import { type Elementwise, elementwise, type Operand } from './elementwise.ts';
import { fusedKernels, type Node, type Shape } from './fused-kernel.ts';
import { isCompiled, type Launch } from './launch-buffer.ts';

/** More operands than this would not fit into the registers of processors. */
const MOST_MEMBERS = 24;
/** More groups at once would make recording slow. */
const MOST_OPEN = 8;

/** The steps, with launches fused where that is possible. The results are the same, bit for bit. */
export function fuse(steps: readonly Step[], blocks: Blocks): Step[] {
  const order: (Step | Group)[] = [];
  const open: Group[] = [];
  const close = (count: number): void => void order.push(...open.splice(0, count));
  for (const step of steps) {
    const member = typeof step === 'function' || !isCompiled(step.kernel) ? null : elementwise(step, blocks);
    const last =
      member === null ? lastUser(open, step, blocks) : open.findLastIndex((g) => g.conflicts(member));
    const group = member && open.find((each, i) => i >= last && each.accepts(member));
    if (group) group.add(member!);
    else if (member !== null) {
      if (open.length === MOST_OPEN) close(1);
      open.push(new Group(member));
    } else {
      close(last + 1);
      order.push(step);
    }
  }
  close(open.length);
  return lowered(order, blocks);
}

/** The last group that uses the memory of a step that is not elementwise. All, if it may be any. */
function lastUser(open: readonly Group[], step: Step, blocks: Blocks): number {
  // A group of several time steps would have another shape each time, and streams from far apart.
  if (typeof step === 'function' || step.name === 'matmul') return open.length - 1;
  const used = blocks.usedBy(step);
  return used.includes(undefined)
    ? open.length - 1
    : open.findLastIndex((group) => used.some((block) => group.operands.has(block!)));
}

/** Elementwise launches over the same elements. */
class Group {
  readonly members: Elementwise[] = [];
  /** Operands in the memory that launches write, by its blocks. */
  readonly operands: Map<Block, Operand[]> = new Map();
  /** Keys of tensors read or written, and the last member that writes each. */
  readonly #keys = new Map<number | string, number>();
  cols: number | null = null;

  constructor(first: Elementwise) {
    this.add(first);
  }

  add(member: Elementwise): void {
    this.cols ??= member.cols;
    this.members.push(member);
    for (const each of member.operands) {
      const { block, key } = each;
      if (each === member.output || !this.#keys.has(key)) {
        this.#keys.set(key, each === member.output ? this.members.length - 1 : -1);
      }
      if (block === undefined) continue;
      const others = this.operands.get(block);
      if (others === undefined) this.operands.set(block, [each]);
      else others.push(each);
    }
  }

  /** Whether the order of this group and another launch matters. */
  conflicts(member: Elementwise): boolean {
    return this.#meets(member, () => true);
  }

  /** Whether a launch that may come after this group may become a part of it. */
  accepts(member: Elementwise): boolean {
    const [first] = this.members as [Elementwise];
    return (
      this.members.length < MOST_MEMBERS &&
      member.n === first.n &&
      member.elementBytes === first.elementBytes &&
      (member.cols === null || this.cols === null || member.cols === this.cols) &&
      member.operands.some(({ key, col }) => col === 1 && this.#keys.has(key)) &&
      !this.#meets(member, (x, y) => x.key !== y.key)
    );
  }

  /** Whether operands overlap, one of which is written, and `differ`. */
  #meets({ inputs, output }: Elementwise, differ: (x: Operand, y: Operand) => boolean): boolean {
    const overlap = (x: Operand, y: Operand): boolean => x.start < y.end && y.start < x.end && differ(x, y);
    if (output.block !== undefined && this.operands.get(output.block)?.some((each) => overlap(each, output)))
      return true;
    return inputs.some(
      (input) =>
        input.block !== undefined &&
        this.operands
          .get(input.block)
          ?.some((each) => this.#keys.get(each.key)! >= 0 && overlap(each, input)),
    );
  }

  /** Whether a member's result is in memory after the group. */
  stores(member: Elementwise, uses: ReadonlyMap<Block, number>, blocks: Blocks): boolean {
    const { key, block } = member.output;
    if (this.members[this.#keys.get(key)!] !== member) return false;
    return blocks.isKept(block!) || uses.get(block!) !== this.operands.get(block!)!.length;
  }
}

/** Each group of several launches as one, if the engine makes their kernels. */
function lowered(order: readonly (Step | Group)[], blocks: Blocks): Step[] {
  const uses = new Map<Block, number>();
  const count = (launch: Step): void => {
    if (typeof launch === 'function') return;
    for (const block of blocks.usedBy(launch)) {
      if (block !== undefined) uses.set(block, (uses.get(block) ?? 0) + 1);
    }
  };
  for (const each of order) {
    if (each instanceof Group) for (const { launch } of each.members) count(launch);
    else count(each);
  }
  const several = order.filter((each) => each instanceof Group && each.members.length > 1) as Group[];
  const parts = several.map((group) => partsOf(group, uses, blocks));
  const kernels = fusedKernels(parts.map(({ shape }) => shape));
  const fused = new Map<Group, Launch>();
  kernels?.forEach((kernel, i) => {
    if (!isCompiled(kernel)) return; // the table of kernels refuses it
    const { args } = parts[i]!;
    const addresses = args.flatMap((_, at) => (at >= 2 && at % 2 === 0 ? [at] : []));
    fused.set(several[i]!, { name: 'fused', dtype: 'float32', kernel, args, addresses });
  });
  return order.flatMap((each): Step[] => {
    if (!(each instanceof Group)) return [each];
    const launch = fused.get(each);
    return launch === undefined ? each.members.map((member) => member.launch) : [launch];
  });
}

/** The kernel of a group, and its words. */
function partsOf(
  group: Group,
  uses: ReadonlyMap<Block, number>,
  blocks: Blocks,
): { readonly shape: Shape; readonly args: number[] } {
  const { members } = group;
  const { n, elementBytes } = members[0]!;
  const cols = group.cols ?? n;
  let key = `${elementBytes} `;
  const nodes: Node[] = [];
  const operands: Operand[] = [];
  const places = new Map<number | string, number>();
  const values = new Map<number | string, number>();
  const place = (operand: Operand): number => {
    if (!places.has(operand.key)) places.set(operand.key, operands.push(operand) - 1);
    return places.get(operand.key)!;
  };
  for (const member of members) {
    const of = member.inputs.map((input) => {
      if (!values.has(input.key)) {
        const load = place(input);
        key += `${input.col ? 'r' : 's'}${load} `;
        values.set(input.key, nodes.push({ load }) - 1);
      }
      return values.get(input.key)!;
    });
    const value = nodes.push({ op: member.launch.name, of }) - 1;
    key += `${member.launch.name} ${of} `;
    values.set(member.output.key, value);
    if (!group.stores(member, uses, blocks)) continue;
    const store = place(member.output);
    key += `w${store} `;
    nodes.push({ store, value });
  }
  const rowBytes = ({ row }: Operand): number => (row ?? cols) * elementBytes;
  return {
    shape: { key, elementBytes, cols: operands.map(({ col }) => col), nodes },
    args: [n / cols, cols * elementBytes, ...operands.flatMap((each) => [each.address, rowBytes(each)])],
  };
}
