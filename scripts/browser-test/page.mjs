/** What every page and worker of the browser test runs after the reporter. */
import { runAll } from './cases.mjs';

globalThis.finish(runAll(true, 'fast'));
