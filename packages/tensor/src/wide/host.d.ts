// The part of Node that is used here. @types/node would make its globals visible to the compiler in
// all of this package.
declare module 'node:perf_hooks' {
  export const performance: { now(): number };
}
declare module 'node:process' {
  export const arch: string;
  export const versions: Readonly<Record<string, string | undefined>>;
}
declare module 'node:v8' {
  export function setFlagsFromString(flag: string): void;
}
