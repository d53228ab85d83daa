// The wide module's exports: the kernels that 256-bit registers make measurably faster. All others
// are fast's.
export * from './matmul';
export { exp_f32, log_f32, sigmoid_f32, tanh_f32 } from './transcendental';
export { crossEntropy_f32 } from './loss';
