// The module's exports: every exported function of these files is a kernel. Its name is the one in
// contract.ts, followed by its dtype.
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
