/** What a page of the browser test runs; the test reads the report from outside. */
import { runAll } from './cases.mjs';

globalThis.report = runAll('fast');
