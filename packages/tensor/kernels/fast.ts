// The fast module's exports: the kernels that relaxed SIMD makes measurably faster. All others are
// strict's.
export * from './matmul';
export { exp_f32, log_f32, sigmoid_f32, tanh_f32 } from './transcendental';
export { crossEntropy_f32 } from './loss';
