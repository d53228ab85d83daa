/** Imported before all else by what a person runs: in an older Node than is needed, says so and ends. In syntax that old ones read. */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const numbers = (version) => version.match(/\d+/g).map(Number);
const [major, minor] = numbers(process.versions.node);
const [leastMajor, leastMinor] = numbers(engines.node);
if (major < leastMajor || (major === leastMajor && minor < leastMinor)) {
  console.error(
    `Node ${engines.node} is needed, and this is ${process.versions.node}: install a newer one from https://nodejs.org`,
  );
  process.exit(1);
}
