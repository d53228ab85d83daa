/** The operations of a step in order, by line of the program, with their numbers. */
import type { OneStepEvent, Row } from '../../engine/one-step.ts';
import { markedLine } from '../../ui/marked-line.ts';
import { withLeft } from './Equation.tsx';
import { formulaOf, named } from './formulas.ts';
import { Matrix } from './Matrix.tsx';
import { lettersOf } from './names.ts';

interface TapeProps {
  readonly event: OneStepEvent;
  readonly names: readonly string[];
  readonly code: string;
  /** T, steps of the run. */
  readonly steps: number;
  /** Operations are counted forward, then backward. */
  readonly position: number;
  /** Whether numbers after the position are faint. */
  readonly walking: boolean;
  readonly choose: (position: number) => void;
}

export function Tape({ event, names, code, steps, position, walking, choose }: TapeProps) {
  const { rows, values, leaves, output, states, step } = event;
  const lines = code.split('\n');
  const last = 2 * rows.length - 1;
  return (
    <table class="tape">
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">Value, forward ↓</th>
          <th scope="col">∂L/∂value, backward ↑</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th class="code" colSpan={3} scope="rowgroup">
            Before step {step}
          </th>
        </tr>
        {leaves
          .filter(({ kind }) => kind !== 'parameter')
          .map(({ name, id }) => (
            <tr key={name}>
              <td>{name}</td>
              <td>
                <Matrix {...values[id]!} flat />
              </td>
              <td class={walking && position < last ? 'later' : ''}>
                <Gradient shape={values[id]!.shape} gradient={values[id]!.gradient} />
              </td>
            </tr>
          ))}
      </tbody>
      {groupsOf(rows).map(({ line, members }) => (
        <tbody key={members[0]} onPointerEnter={() => mark(line)} onPointerLeave={() => mark(null)}>
          <tr>
            <th class="code" colSpan={3} scope="rowgroup">
              {line === null ? (
                'inside the library'
              ) : (
                <>
                  <span class="line">{line}</span>
                  <code>{lines[line - 1]?.trim()}</code>
                </>
              )}
            </th>
          </tr>
          {members.map((i) => (
            <Operation key={i} {...{ event, names, row: rows[i]!, index: i, position, walking, choose }} />
          ))}
        </tbody>
      ))}
      <tbody>
        <tr>
          <th class="code" colSpan={3} scope="rowgroup">
            What arrives from outside
          </th>
        </tr>
        <tr>
          <td colSpan={2}>the loss, to {names[output.id]}: output − target</td>
          <td>
            <Gradient shape={values[output.id]!.shape} gradient={output.tracked ? output.error : null} />
          </td>
        </tr>
        {states.map(({ name, id, later }) => (
          <tr key={name}>
            <td colSpan={2}>
              {step === steps ? 'no later step' : `step ${step + 1}`}, to the state{' '}
              {withLeft(name, names[id]!)}
            </td>
            <td>
              <Gradient shape={values[id]!.shape} gradient={later} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface OperationProps extends Omit<TapeProps, 'code' | 'steps'> {
  readonly row: Row;
  readonly index: number;
}

function Operation({ event, names, row, index, position, walking, choose }: OperationProps) {
  const { values, rows } = event;
  const shapes = row.inputs.map((id) => values[id]!.shape);
  const right = named(formulaOf(row, shapes).forward, lettersOf(row, names));
  const { shape, values: numbers, gradient } = values[row.outputs[0]!]!;
  const back = 2 * rows.length - 1 - index;
  const label = withLeft(names[row.outputs[0]!]!, right);
  return (
    <tr class={position === index || position === back ? 'current' : ''}>
      <td>
        <button type="button" class="operation" onClick={() => choose(index)} onFocus={() => mark(row.line)}>
          {label}
        </button>
      </td>
      <td class={walking && position < index ? 'later' : ''}>
        <button type="button" class="operation" onClick={() => choose(index)}>
          <Matrix shape={shape} values={numbers} flat />
        </button>
      </td>
      <td class={walking && position < back ? 'later' : ''}>
        <button type="button" class="operation" onClick={() => choose(back)}>
          <Gradient shape={shape} gradient={gradient} />
        </button>
      </td>
    </tr>
  );
}

interface GradientProps {
  readonly shape: readonly number[];
  readonly gradient: readonly number[] | null;
}

const Gradient = ({ shape, gradient }: GradientProps) =>
  gradient === null ? <span class="muted">nothing</span> : <Matrix shape={shape} values={gradient} flat />;

function mark(line: number | null): void {
  markedLine.value = line;
}

/** Rows of one line that run one after another. */
function groupsOf(rows: readonly Row[]): { readonly line: number | null; readonly members: number[] }[] {
  const groups: { line: number | null; members: number[] }[] = [];
  for (const [i, { line }] of rows.entries()) {
    const last = groups.at(-1);
    if (last !== undefined && last.line === line) last.members.push(i);
    else groups.push({ line, members: [i] });
  }
  return groups;
}
