/** `example`: runs one of the example programs by name. */
import { oneOf } from '../cli/command-line.ts';
import { runCommand } from '../cli/run-command.ts';

/** The programs, each one file of this folder. */
const PROGRAMS = {
  ctc: 'reads digits from a stretched, noisy line, without knowing where each one is',
  seq2seq: 'writes dates as 2019-03-05, or adds, with and without attention',
  classify: 'finds the language of names, from their letters in both directions',
  embedding: 'learns vectors of the words of Moby Dick, beside counts of neighbors',
  ladder: 'trains six models of one text, from a table to a transformer, for the same time',
  'three-ways': 'computes one gradient by BPTT, RTRL and differences, and compares costs',
} as const;

const [name, ...args] = process.argv.slice(2).filter((each, at) => at > 0 || each !== '--');
const names = Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[];
if (name === undefined || name === '--help' || name === '-h') {
  console.log('Usage: example <name> [options]\n\nExamples, each with --help:');
  for (const each of names) console.log(`  ${each.padEnd(12)}${PROGRAMS[each]}`);
} else {
  await runCommand(async () => {
    const found = oneOf('example', name, names);
    process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
    await import(`./${found}.js`);
  });
}
