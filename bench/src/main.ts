/** `pnpm bench`: Chronograd beside other libraries. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Case, cases, quickCases } from './cases.ts';
import { peers } from './contestant-types.ts';
import { contestants } from './contestants.ts';
import { Field } from './field.ts';
import { busyWarning, describeCommit, describeMachine, measurePeak, processorSlug } from './machine.ts';
import { findNodes } from './nodes.ts';
import { referee } from './our-contestants.ts';
import type { BenchResult, CaseResult } from './results.ts';
import { measureCase } from './rounds.ts';
import { measureSize } from './size.ts';
import { measureStartup } from './startup.ts';
import { caseTable, report, summaryTable } from './table.ts';

const USAGE = `pnpm bench [--quick] [--case NAME]… [--peer NAME]… [--rounds N] [--seconds S] [--list]
  --quick       the main cases in under two minutes (torch-compile only when named by --peer)
  --case NAME   the case of that id, or all whose ids begin so; --list prints them
  --peer NAME   ${peers.join(', ')}; Chronograd always takes part
  --rounds N    how often each works, 5 (--quick: 2)
  --seconds S   how long each time, 0.4 (--quick: 0.1); half as long on single ops`;

const options = readOptions();
if (options.help || options.list) {
  console.log(options.help ? USAGE : cases.map(({ id, title }) => `${id.padEnd(24)}${title}`).join('\n'));
  process.exit(0);
}

const quick = options.quick;
const rounds = positive('rounds', options.rounds ?? (quick ? '2' : '5'));
const seconds = positive('seconds', options.seconds ?? (quick ? '0.1' : '0.4'));
/** V8 needs one to two seconds until a training step runs at full speed. */
const warmUp = quick ? 1 : 2;
const chosen = chooseCases();
const nodes = findNodes();
const field = new Field(
  contestants(nodes, quick).filter(({ peer }) => takesPart(peer)),
  referee(),
);
process.once('SIGINT', () => {
  field.close();
  process.exit(130);
});

console.error('Measuring the machine …');
const warning = busyWarning();
if (warning !== null) console.error(warning);
const machine = describeMachine();
const peak = measurePeak(nodes);
const started = performance.now();
const results: CaseResult[] = [];
for (const spec of chosen) {
  console.error(`${Math.round((performance.now() - started) / 1e3)} s: ${spec.title} …`);
  if (spec.kind === 'startup') continue;
  const found =
    spec.kind === 'size'
      ? await measureSize(spec, field.all)
      : await measureCase(spec, await field.entries(spec), await field.expected(spec), field.ask(spec), {
          rounds,
          seconds,
          warmUp,
        });
  results.push(found);
  field.endCase();
  console.log(`\n${caseTable(found, peak)}`);
}
const startups = chosen.filter(({ kind }) => kind === 'startup');
if (startups.length > 0) {
  const found = await measureStartup(startups, await field.starters(), rounds);
  results.push(...found);
  for (const each of found) console.log(`\n${caseTable(each, peak)}`);
}

const result: BenchResult = {
  date: new Date().toISOString().slice(0, 10),
  quick,
  rounds,
  seconds,
  commit: describeCommit(),
  machine,
  peak,
  contestants: field.report(),
  cases: chosen.map((spec) => results.find((each) => each.case === spec)!),
};
field.close();
console.log(`\n${summaryTable(result)}\n`);
write(result);
const failures = results.flatMap((each) => each.failures.map((failure) => `${each.case.id}: ${failure}`));
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function readOptions() {
  try {
    return parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        case: { type: 'string', multiple: true, default: [] },
        peer: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`);
  }
}

function takesPart(peer: (typeof peers)[number]): boolean {
  const unknown = options.peer.find((name) => !(peers as readonly string[]).includes(name));
  if (unknown !== undefined) fail(`--peer: expected one of ${peers.join(', ')}, got ${unknown}`);
  if (peer === 'chronograd' || options.peer.includes(peer)) return true;
  return options.peer.length === 0 && !(quick && peer === 'torch-compile');
}

function chooseCases(): readonly Case[] {
  if (options.case.length === 0) return quick ? cases.filter(({ id }) => quickCases.includes(id)) : cases;
  const unknown = options.case.find((name) => !cases.some(({ id }) => id.startsWith(name)));
  if (unknown !== undefined)
    fail(`--case: expected the start of a case's name, got ${unknown}; --list prints the names`);
  const means = (name: string, id: string): boolean =>
    cases.some((each) => each.id === name) ? id === name : id.startsWith(name);
  return cases.filter(({ id }) => options.case.some((name) => means(name, id)));
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) fail(`--${name}: expected a positive number, got ${text}`);
  return value;
}

/** Only a full run writes the main files. A part of it, or a shorter one, must not replace them. */
function write(found: BenchResult): void {
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  const filtered = options.case.length + options.peer.length > 0;
  const part = quick ? '-quick' : filtered || rounds < 5 || seconds < 0.4 ? '-part' : '';
  const path = `${folder}${found.date}-${processorSlug()}${part}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync(`${path}.md`, report(found));
  console.log(`Written: ${path}.md and .json`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
