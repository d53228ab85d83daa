import type { DatabaseFactory } from '../../src/training/index.ts';

/** A database in memory that answers later, as a browser's does. */
export function fakeDatabase(failing = false): DatabaseFactory {
  const stores = new Map<string, Map<string, unknown>>();
  const later = (work: () => void): void => void setImmediate(work);
  return {
    open: () => {
      const database = {
        createObjectStore: (name: string) => stores.set(name, new Map()),
        close: () => undefined,
        transaction: (store: string) => {
          const items = stores.get(store)!;
          const request = { result: undefined as unknown, error: null, onsuccess: null, onerror: null };
          const writes = new Map<string, unknown>();
          const transaction = {
            error: failing ? new Error('QuotaExceededError') : null,
            oncomplete: null as (() => void) | null,
            onabort: null as (() => void) | null,
            objectStore: () => ({
              get: (key: string) => {
                request.result = structuredClone(items.get(key));
                return request;
              },
              put: (value: unknown, key: string) => writes.set(key, structuredClone(value)),
            }),
          };
          later(() => {
            if (failing) return transaction.onabort?.();
            for (const [key, value] of writes) items.set(key, value);
            transaction.oncomplete?.();
          });
          return transaction;
        },
      };
      const request = {
        result: database,
        error: null,
        onsuccess: null as (() => void) | null,
        onerror: null,
        onupgradeneeded: null as (() => void) | null,
      };
      later(() => {
        if (stores.size === 0) request.onupgradeneeded?.();
        request.onsuccess?.();
      });
      return request as unknown as ReturnType<DatabaseFactory['open']>;
    },
  };
}
