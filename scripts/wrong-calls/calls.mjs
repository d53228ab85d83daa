/** Calls with wrong arguments, and checks of their errors. */
import { samplesOf } from './samples.mjs';
import { FromValue, seeded, wrongValues } from './values.mjs';

/**
 * Makes `count` wrong calls of all exports of `packages`, in turn.
 * @returns the number of calls that threw, errors of other classes than the packages' (`untyped`),
 * and errors that name another function (`misnamed`)
 */
export function wrongCalls(packages, { seed, count, only = null }) {
  const samples = samplesOf(packages).filter(({ name }) => only === null || name === only);
  if (samples.length === 0) throw new Error(`wrong-calls: expected the name of a sample, got ${only}`);
  const values = wrongValues(packages);
  const ops = new Set(
    samples.flatMap(({ names }) => names.slice(0, 1).map((name) => name.split('.').at(-1))),
  );
  const draw = seeded(seed);
  const report = { calls: 0, thrown: 0, untyped: [], misnamed: [] };
  for (; report.calls < count; report.calls++) {
    const sample = samples[report.calls % samples.length];
    const { args, what } = wrongArguments(sample, values, draw);
    const error = errorOf(() => sample.call(...args));
    packages.tensor.setMemoryLimit(2 ** 32);
    if (error === null || error instanceof FromValue) continue;
    report.thrown++;
    const found = { call: `${sample.name}(${what})`, number: report.calls, name: sample.name, error };
    if (!isTyped(error, sample, packages)) report.untyped.push(found);
    else if (isMisnamed(error, sample, ops)) report.misnamed.push(found);
  }
  return report;
}

/** The right arguments with one or two of them wrong, some omitted, or one more. */
function wrongArguments({ args: right }, values, draw) {
  const args = right();
  const words = args.map(() => '_');
  const wrong = draw(4) === 0 ? 2 : 1;
  for (let k = 0; k < wrong; k++) {
    const at = draw(args.length + 1);
    if (at === args.length && args.length > 0 && draw(2) === 0) {
      args.length = words.length = draw(args.length);
      continue;
    }
    const which = draw(values.length);
    args[at] = values[which]();
    words[at] = `#${which} ${show(args[at])}`;
  }
  return { args, what: words.join(', ') };
}

function show(value) {
  if (typeof value === 'symbol' || typeof value === 'bigint') return typeof value;
  if (typeof value === 'function') return 'function';
  try {
    return typeof value === 'object' && value !== null
      ? (value.constructor?.name ?? 'object')
      : JSON.stringify(value);
  } catch {
    return 'proxy';
  }
}

function errorOf(call) {
  try {
    const result = call();
    if (typeof result?.then === 'function') result.then(undefined, () => {});
    return null;
  } catch (error) {
    return error;
  }
}

/**
 * Handwritten backpropagation imports nothing, and throws RangeError. Errors of the caller's own
 * function are passed on.
 */
function isTyped(error, { name }, { tensor }) {
  if (error instanceof tensor.ChronogradError) return true;
  return (
    /^(rnn|lstm|gru|oneHotVector)/.test(name) &&
    error instanceof RangeError &&
    /^(bptt|oneHotVector|\w+Backward): /.test(error.message)
  );
}

/** Whether a message begins with the name of a function other than the called one. */
function isMisnamed({ name, message }, { names }, ops) {
  if (name === 'CellLawError') return false; // a report with the title cellLaws
  const [, named] = /^([A-Za-z]\w*)(?:\.\w+)?(?=[:. ])/.exec(message) ?? [];
  if (named === undefined || !ops.has(named)) return false;
  return !names.some((name) => name.toLowerCase() === named.toLowerCase());
}
