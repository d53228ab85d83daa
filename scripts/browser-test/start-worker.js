/**
 * Starts a page's worker. The worker reports to the server. The page reports only if it cannot
 * start.
 */
const worker = new Worker(document.currentScript.dataset.worker, { type: 'module' });
worker.onerror = ({ message }) => dispatchEvent(new ErrorEvent('error', { message: `worker: ${message}` }));
worker.onmessage = ({ data }) => location.replace(data);
