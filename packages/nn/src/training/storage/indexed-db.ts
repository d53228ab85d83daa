/** Checkpoints in a browser's IndexedDB. */
import { ChronogradError, ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import type { CheckpointStorage } from './storage.ts';

type Handler = ((event: never) => unknown) | null;

/** What the storage needs of an `IDBRequest`. */
export interface DatabaseRequest<R> {
  readonly result: R;
  readonly error: unknown;
  onsuccess: Handler;
  onerror: Handler;
}

/** What the storage needs of an `IDBTransaction`. */
export interface DatabaseTransaction {
  readonly error: unknown;
  oncomplete: Handler;
  onabort: Handler;
  objectStore(name: string): {
    get(key: string): DatabaseRequest<unknown>;
    put(value: unknown, key: string): unknown;
  };
}

/** What the storage needs of an `IDBDatabase`. */
export interface Database {
  createObjectStore(name: string): unknown;
  transaction(
    store: string,
    mode: 'readonly' | 'readwrite',
    options: { readonly durability: 'strict' },
  ): DatabaseTransaction;
  close(): void;
}

/** What the storage needs of `indexedDB`. */
export interface DatabaseFactory {
  open(name: string, version: number): DatabaseRequest<Database> & { onupgradeneeded: Handler };
}

const STORE = 'checkpoints';

/**
 * Storage in a browser, in pages and workers. A write is one transaction: after a crash the
 * database has the old bytes or the new ones.
 * @param factory the global `indexedDB`, since this package uses no globals of browsers.
 * @param database the name of the database. Runs of other names do not see it.
 * @throws ValueError for another factory and for an empty name. While used, ChronogradError if the
 * browser refuses: in a private window, or when the disk is full.
 * @example const storage = indexedDBStorage(indexedDB, 'first-run');
 */
export function indexedDBStorage(factory: DatabaseFactory, database: string): CheckpointStorage {
  const op = 'indexedDBStorage';
  if (typeof factory?.open !== 'function')
    throw new ValueError(`${op}: expected indexedDB, got ${describeValue(factory)}`);
  if (typeof database !== 'string' || database === '')
    throw new ValueError(`${op}: expected the name of a database, got ${describeValue(database)}`);
  /** Runs `work` in a transaction, and gives its result once the transaction is complete. */
  const within = async <R>(
    mode: 'readonly' | 'readwrite',
    work: (transaction: DatabaseTransaction) => () => R,
  ): Promise<R> => {
    const opened = await openDatabase(factory, database);
    try {
      const transaction = opened.transaction(STORE, mode, { durability: 'strict' });
      return await new Promise<R>((resolve, reject) => {
        transaction.onabort = () => reject(failure(mode, transaction.error));
        const result = work(transaction);
        transaction.oncomplete = () => resolve(result());
      });
    } finally {
      opened.close();
    }
  };
  return {
    read: (name) =>
      within('readonly', (transaction) => {
        const request = transaction.objectStore(STORE).get(name);
        return () => (request.result instanceof Uint8Array ? request.result : null);
      }),
    write: (name, bytes) =>
      within('readwrite', (transaction) => {
        transaction.objectStore(STORE).put(bytes, name);
        return () => undefined;
      }),
  };
}

function openDatabase(factory: DatabaseFactory, name: string): Promise<Database> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure('open', request.error));
  });
}

const failure = (what: string, error: unknown): ChronogradError =>
  new ChronogradError(
    `indexedDBStorage: expected the ${what} of the database to succeed, got ${String(error)}`,
  );
