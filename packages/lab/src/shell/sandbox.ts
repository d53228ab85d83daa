/**
 * The sandbox: a hidden frame with its own opaque origin and without network. It starts the
 * workers, so user code can reach neither the page nor a server.
 */
import workerUrl from '../engine/worker.ts?worker&url';

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
  let url = '';
  const script = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const workers = new Map();
  const end = (id) => { workers.get(id)?.terminate(); workers.delete(id); };
  addEventListener('message', ({ data, source, ports }) => {
    if (source !== parent) return;
    if (data.source !== undefined) {
      const main = JSON.stringify(script(data.source));
      url = script('onmessage = ({ data }) => { self.port = data; import(' + main + '); };');
    }
    if (data.end !== undefined) end(data.end);
    if (data.start === undefined) return;
    const worker = new Worker(url);
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
  start(id: number, port: MessagePort, onFailure: (message: string) => void): void;
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
  const source = fetch(workerUrl).then((response) => response.text());
  await loaded;
  const send = (message: object, ports: MessagePort[] = []): void =>
    frame.contentWindow?.postMessage(message, '*', ports);
  send({ source: await source });
  return {
    start(id, port, onFailure): void {
      failures.set(id, onFailure);
      send({ start: id }, [port]);
    },
    end(id): void {
      failures.delete(id);
      send({ end: id });
    },
  };
}
