/**
 * Measures import to the first gradient, and prints `{"seconds": …}`. Nothing is imported before
 * the clock starts.
 */
const start = performance.now();
const { tensor, useKernels } = await import('@chronograd/tensor');
const { valueAndGrad } = await import('@chronograd/autograd');
await import('@chronograd/nn');

useKernels((process.argv[2] ?? 'strict') as Parameters<typeof useKernels>[0]);
type Input = ReturnType<typeof tensor>;
const both = valueAndGrad((x: Input, w: Input) => x.matmul(w).tanh().sum());
const matrix = tensor(
  Float32Array.from({ length: 16 }, (_, i) => i / 16),
  { shape: [4, 4] },
);
both(matrix, matrix).grads.toArray();
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - start) / 1e3 })}\n`);

export {};
