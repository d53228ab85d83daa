/** The part of Node that is used. The core packages do not depend on its types. */
declare module 'node:worker_threads' {
  export class Worker {
    constructor(file: { readonly href: string }, options: { workerData: unknown });
    postMessage(message: unknown): void;
    on(event: string, listener: (value: never) => void): this;
    unref(): void;
    terminate(): Promise<number>;
  }
  export const parentPort: {
    postMessage(message: unknown): void;
    on(event: 'message', listener: (message: unknown) => void): void;
  } | null;
  export const workerData: unknown;
}

declare module 'node:url' {
  export class URL {
    constructor(path: string, base: string);
    readonly href: string;
  }
}
