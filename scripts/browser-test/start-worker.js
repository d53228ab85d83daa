/** Starts a page's worker, which reports to the server by itself unless it cannot start. */
const worker = new Worker(document.currentScript.dataset.worker, { type: 'module' });
worker.onerror = ({ message }) => dispatchEvent(new ErrorEvent('error', { message: `worker: ${message}` }));
worker.onmessage = ({ data }) => location.replace(data);
