/**
 * Programs import this first. In a Node that is too old it prints an error and exits. Old Nodes
 * must be able to parse it.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const numbers = (version) => version.match(/\d+/g).map(Number);
const [major, minor] = numbers(process.versions.node);
const [leastMajor, leastMinor] = numbers(engines.node);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    `Expected Node ${engines.node}, got ${process.versions.node}; install a newer one from https://nodejs.org`,
  );
  process.exit(1);
}
