/**
 * The sandbox: a hidden frame with its own opaque origin and without network. It starts the
 * workers, so user code can reach neither the page nor a server.
 */
import firstUrl from '../engine/first-worker.ts?worker&url';
import allUrl from '../engine/worker.ts?worker&url';
import type { WorkerKind } from '../settings/first.ts';

const URLS: Readonly<Record<WorkerKind, string>> = { first: firstUrl, all: allUrl };

const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
].join('; ');

/**
 * The frame's script. Starts and ends workers at the page's request. Workers are classic ones that
 * import the module: Chromium starts no module worker in a frame with an opaque origin.
 */
const SCRIPT = `
  const urls = {};
  const script = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const workers = new Map();
  const end = (id) => { workers.get(id)?.terminate(); workers.delete(id); };
  addEventListener('message', ({ data, source, ports }) => {
    if (source !== parent) return;
    if (data.source !== undefined) {
      const main = JSON.stringify(script(data.source));
      urls[data.kind] = script('onmessage = ({ data }) => { self.port = data; import(' + main + '); };');
    }
    if (data.end !== undefined) end(data.end);
    if (data.start === undefined) return;
    const worker = new Worker(urls[data.kind]);
    workers.set(data.start, worker);
    worker.onerror = (event) => {
      event.preventDefault();
      parent.postMessage({ failed: data.start, message: event.message ?? '' }, '*');
      end(data.start);
    };
    worker.postMessage(ports[0], [ports[0]]);
  });
  parent.postMessage({ loaded: true }, '*');
`;

/** Where workers are started and ended. */
export interface Sandbox {
  /** Starts a worker that serves the port. `onFailure` is called if it cannot be started. */
  start(id: number, kind: WorkerKind, port: MessagePort, onFailure: (message: string) => void): void;
  end(id: number): void;
}

/** Adds the frame to the page. Resolves when it can start workers. */
export async function openSandbox(): Promise<Sandbox> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = 'Sandbox of the programs';
  frame.hidden = true;
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${SCRIPT}</script>`;
  const failures = new Map<number, (message: string) => void>();
  const loaded = new Promise<void>((resolve) => {
    addEventListener('message', ({ data, source }) => {
      if (source !== frame.contentWindow) return;
      if (data.loaded === true) resolve();
      if (data.failed !== undefined) failures.get(data.failed)?.(data.message);
    });
  });
  document.body.append(frame);
  const texts = new Map([['first' as WorkerKind, textOf('first')]]);
  await loaded;
  const send = (message: object, ports: MessagePort[] = []): void =>
    frame.contentWindow?.postMessage(message, '*', ports);
  const sent = new Map<WorkerKind, Promise<void>>();
  /** Sends the text of the worker, once. */
  const provide = (kind: WorkerKind): Promise<void> => {
    const ready =
      sent.get(kind) ?? (texts.get(kind) ?? textOf(kind)).then((source) => send({ kind, source }));
    sent.set(kind, ready);
    return ready;
  };
  const ended = new Set<number>();
  return {
    start(id, kind, port, onFailure): void {
      failures.set(id, onFailure);
      provide(kind).then(
        () => ended.has(id) || send({ start: id, kind }, [port]),
        (error: unknown) => {
          texts.delete(kind); // the next run tries again
          sent.delete(kind);
          onFailure(`a part of the page could not be loaded: ${String(error)}`);
        },
      );
    },
    end(id): void {
      ended.add(id);
      failures.delete(id);
      send({ end: id });
    },
  };
}

async function textOf(kind: WorkerKind): Promise<string> {
  const response = await fetch(URLS[kind]);
  if (!response.ok) throw new Error(`${response.status} ${URLS[kind]}`);
  return response.text();
}
