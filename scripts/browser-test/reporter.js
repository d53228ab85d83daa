/**
 * The first script of every page and worker of the browser test. It records errors, and sends them
 * to the server with the results. The server answers with the address of the next page.
 */
const problems = [];
/** The number of violations of the Content-Security-Policy. */
let violations = 0;
let finished = false;

const LATE = 100; // milliseconds; the engine reports a violation after the script that caused it

/** Sends results, or null, and opens the next page. */
globalThis.finish = async (results) => {
  if (finished) return;
  finished = true;
  await new Promise((resolve) => setTimeout(resolve, LATE));
  const body = JSON.stringify({ results, problems, violations });
  const answer = await fetch('/report', { method: 'POST', body });
  const next = await answer.text();
  if (globalThis.document === undefined) postMessage(next);
  else location.replace(next);
};

/** Some engines' stacks lack the message. */
const explain = (error) => `${error}\n${error?.stack}`;

function fail(event, problem) {
  event.preventDefault(); // an error reported here must not reach a worker's page too
  problems.push(problem);
  finish(null);
}

// The error of a script, or of an element whose file does not load.
addEventListener(
  'error',
  (event) => {
    const { error, message, target } = event;
    fail(event, error ? explain(error) : (message ?? `${target.src} does not load`));
  },
  true,
);
addEventListener('unhandledrejection', (event) => fail(event, explain(event.reason)));
addEventListener('securitypolicyviolation', () => violations++);
for (const name of ['error', 'warn'])
  console[name] = (...words) => problems.push(`console.${name}: ${words.join(' ')}`);
