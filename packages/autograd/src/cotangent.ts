/**
 * Cotangents: what a gradient rule sends back to an input. Most are dense tensors. Some stay
 * structured until the engine adds them up. This makes the gradient of a weight *one* product over
 * all its uses, slicing `[T, B, F]` step by step linear in T, and an embedding's gradient limited
 * to its rows.
 */
import { matmul, type Shape, scatterRows, type Tensor } from '@chronograd/tensor';
import { shapeOf } from '@chronograd/tensor/engine';

/** The product a·b, not multiplied out yet: a is [M, K], b is [K, N]. */
export class Product {
  readonly a: Tensor;
  readonly b: Tensor;
  constructor(a: Tensor, b: Tensor) {
    this.a = a;
    this.b = b;
  }
  /** (a·b)ᵀ = bᵀ·aᵀ. */
  transpose(): Product {
    return new Product(this.b.transpose(), this.a.transpose());
  }
}

/** `g` in one view of a whole that is 0 elsewhere: what a slice sends back. */
export class Region {
  readonly g: Tensor;
  /** The view of the whole that `g` belongs to. */
  readonly view: (whole: Tensor) => Tensor;
  /** The same by ordinary ops: `g` in zeros of a shape. */
  readonly embed: (g: Tensor, shape: Shape) => Tensor;
  constructor(g: Tensor, view: (whole: Tensor) => Tensor, embed: (g: Tensor, shape: Shape) => Tensor) {
    this.g = g;
    this.view = view;
    this.embed = embed;
  }
}

/** Rows of `g` added to rows of zeros; if transposed, to columns of a matrix of zeros. */
export class Rows {
  /** Shape [indices' shape…, …]. */
  readonly g: Tensor;
  readonly indices: Tensor;
  /** Whether the rows of `g` belong to columns. */
  readonly transposed: boolean;
  constructor(g: Tensor, indices: Tensor, transposed = false) {
    this.g = g;
    this.indices = indices;
    this.transposed = transposed;
  }
  /** The transpose of the matrix. */
  transpose(): Rows {
    return new Rows(this.g, this.indices, !this.transposed);
  }
}

/** Added up together: a weight used at every step gets one product, or one scatter. */
export type Pending = Product | Rows;
export type Structured = Pending | Region;
export type Cotangent = Tensor | Structured;

/** A weight's gradient from one use: a·b, both matrices. */
export const product = (a: Tensor, b: Tensor): Product => new Product(a, b);
/** `g` in a view of zeros. */
export const region = (
  g: Tensor,
  view: (whole: Tensor) => Tensor,
  embed: (g: Tensor, shape: Shape) => Tensor,
): Region => new Region(g, view, embed);
/** Rows of `g` at `indices` within zeros. */
export const rows = (g: Tensor, indices: Tensor): Rows => new Rows(g, indices);

/** The tensor that a cotangent belongs to. The gradient has its shape and dtype. */
export type Target = Tensor;

/** The cotangent as a tensor, by ordinary ops that an outer tape can record. */
export function materialize(cotangent: Cotangent, target: Target): Tensor {
  if (cotangent instanceof Product) return matmul(cotangent.a, cotangent.b);
  if (cotangent instanceof Region) return cotangent.embed(cotangent.g, shapeOf(target));
  if (cotangent instanceof Rows) {
    const { g, indices, transposed } = cotangent;
    return transposed
      ? scatterRows(g, indices, shapeOf(target)[1]!).transpose()
      : scatterRows(g, indices, shapeOf(target)[0]!);
  }
  return cotangent;
}

/** The adjoint of broadcasting: the sum over the axes that were broadcast. */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  const lead = g.rank - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < g.rank; axis++) {
    if (shapeOf(g)[axis] !== 1 && (axis < lead || shape[axis - lead] === 1)) axes.push(axis);
  }
  return axes.length === 0 ? g.reshape(shape) : g.sum(axes, true).reshape(shape);
}
