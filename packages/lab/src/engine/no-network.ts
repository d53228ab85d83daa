/** What a worker has and programs of the lab must not use. The sandbox forbids it in any case. */
const FORBIDDEN = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'WebTransport',
  'importScripts',
  'Worker',
  'indexedDB',
  'caches',
];

/** Makes each a function that says so, in place of errors of the browser's console. */
export function forbidNetwork(): void {
  for (const name of FORBIDDEN.filter((each) => each in globalThis)) {
    const value = function forbidden(): never {
      throw new Error(`${name}: programs of the lab have no network, storage or workers`);
    };
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}
