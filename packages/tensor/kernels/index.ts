// The module's exports: every exported function of these files is a kernel, named as in contract.ts with its
// dtype behind it.
export * from './simple';
export * from './arithmetic';
export * from './compare';
export * from './transcendental';
export * from './sum';
export * from './extremes';
export * from './moves';
export * from './casts';
export * from './matmul';
export * from './loss';
export * from './update';
export * from './adam';
