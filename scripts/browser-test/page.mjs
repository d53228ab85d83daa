/** Runs in every page and worker of the browser test, after the reporter. */
import { runAll } from './cases.mjs';

globalThis.finish(await runAll(true, 'fast'));
