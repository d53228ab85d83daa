/** Loads what is not shown yet, so that an open page works offline. */
import { loadPanel, panels } from '../panels/index.ts';
import { builtInText } from './texts.ts';
import { warmUp } from './workers.ts';

/** Parts that panels load when they need them. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  ...panels.map((panel) => () => loadPanel(panel)),
  builtInText,
  () => import('uplot'),
  () => import('uplot/dist/uPlot.min.css'),
  () => import('csv-parse/browser/esm/sync'),
];

let loading: Promise<void> | null = null;

/** Loads the rest, once. Parts that fail load when they are needed. */
export function whole(): Promise<void> {
  loading ??= loadRest();
  return loading;
}

async function loadRest(): Promise<void> {
  const worker = warmUp('all');
  for (const part of PARTS) await part().catch(() => {});
  await worker.catch(() => {});
}
