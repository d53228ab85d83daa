/** The table of a model summary. */
import { showShape } from '@chronograd/tensor/engine';
import type { ModuleSummary, Totals } from './module-summary.ts';

/** A row for each module under a head, and a line with the totals. */
export function tableOf(summary: Totals): string {
  const timed = summary.milliseconds !== null;
  const ran = summary.modules.some(({ calls, bytes }) => calls > 0 || bytes > 0);
  const columns: readonly Column[] = [
    { head: 'module', right: false, cell: (_, name) => name },
    ...(ran ? [{ head: 'output', right: false, cell: shapesOf }] : []),
    { head: 'parameters', right: true, cell: ({ parameters }) => grouped(parameters) },
    ...(ran
      ? [{ head: 'memory', right: true, cell: (each: ModuleSummary) => percent(each.memoryShare) }]
      : []),
    ...(timed
      ? [{ head: 'time', right: true, cell: (each: ModuleSummary) => percent(each.timeShare ?? 0) }]
      : []),
  ];
  const rows = named(summary.root, '').map(([name, each]) => columns.map(({ cell }) => cell(each, name)));
  const widths = columns.map(({ head }, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (columns[i]?.right ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [line(columns.map(({ head }) => head)), rule, ...rows.map(line), rule, totals(summary, ran)].join(
    '\n',
  );
}

interface Column {
  readonly head: string;
  readonly right: boolean;
  readonly cell: (each: ModuleSummary, name: string) => string;
}

type Row = readonly [name: string, module: ModuleSummary];

/** A module and those in it, with their names as branches of a tree. */
function named(each: ModuleSummary, parent: string): readonly Row[] {
  const { path, type, children } = each;
  const field = parent === '' ? path : path.slice(parent.length + 1);
  const below = children.flatMap((child, i) => {
    const last = i === children.length - 1;
    return named(child, path).map(([name, module], k): Row => {
      const branch = k === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  ';
      return [branch + name, module];
    });
  });
  return [[field === '' ? type : `${field}: ${type}`, each], ...below];
}

/** `[30, 32, 128]`, `outputs [30, 32, 128], state [32, 128]`, and how often if more than once. */
function shapesOf({ outputs, calls }: ModuleSummary): string {
  const shapes = Object.entries(outputs).map(([name, shape]) => `${name} ${showShape(shape)}`.trim());
  return `${shapes.join(', ')}${calls > 1 ? ` × ${grouped(calls)}` : ''}`;
}

function totals(summary: Totals, ran: boolean): string {
  const { parameters, trainable, milliseconds, bytes, flops } = summary;
  const frozen = parameters === trainable ? '' : `, ${grouped(parameters - trainable)} of them frozen`;
  const run = ran
    ? [`${scaled(flops)} floating-point operations in products`, `${scaled(bytes)}B of new tensors`]
    : [];
  const time = milliseconds === null ? [] : [`${milliseconds.toPrecision(3)} ms`];
  return [`${grouped(parameters)} parameters${frozen}`, ...run, ...time].join(' · ');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `12.3 M`. */
function scaled(value: number): string {
  const power = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const unit = ['', 'k', 'M', 'G', 'T'][power];
  return power === 0 ? `${value} ` : `${(value / 1000 ** power).toPrecision(3)} ${unit}`;
}
