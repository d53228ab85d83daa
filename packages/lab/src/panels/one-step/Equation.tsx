/** The equation of one operation, in names and in numbers: forward, or what it sends back. */
import type { OneStepEvent, Row } from '../../engine/one-step.ts';
import { formulaOf, gradientName, named, tokensOf } from './formulas.ts';
import { Matrix } from './Matrix.tsx';
import { lettersOf } from './names.ts';

interface EquationProps {
  readonly event: OneStepEvent;
  readonly names: readonly string[];
  readonly row: Row;
  readonly pass: 'forward' | 'backward';
}

export function Equation({ event: { values }, names, row, pass }: EquationProps) {
  const letters = lettersOf(row, names);
  const formula = formulaOf(
    row,
    row.inputs.map((id) => values[id]!.shape),
  );
  const output = row.outputs[0]!;
  const numbers = (letter: string): { shape: readonly number[]; values: readonly number[] } => {
    const {
      shape,
      gradient,
      values: own,
    } = values[letter === 'g' || letter === 'y' ? output : row.inputs['abcd'.indexOf(letter)]!]!;
    return { shape, values: letter === 'g' ? (gradient ?? own.map(() => 0)) : own };
  };
  if (pass === 'forward') {
    return (
      <div class="equation">
        <p class="symbols">{withLeft(names[output]!, named(formula.forward, letters))}</p>
        <InNumbers formula={`y = ${formula.forward}`} numbers={numbers} />
      </div>
    );
  }
  const sent = row.inputs.flatMap((id, i) => {
    const [part, back] = [row.parts[i] ?? null, formula.backward[i] ?? null];
    return part === null || back === null ? [] : [{ i, id, part, back }];
  });
  return (
    <div class="equation">
      {sent.map(({ i, id, part, back }) => (
        <div key={i}>
          <p class="symbols">{`${gradientName(names[id]!)} += ${named(back, letters)}`}</p>
          <InNumbers
            formula={back}
            left={<Matrix shape={values[id]!.shape} values={part} />}
            numbers={numbers}
          />
        </div>
      ))}
      {sent.length === 0 && <p class="symbols">No gradient arrives here.</p>}
    </div>
  );
}

/** `name = formula`, or the formula alone if it is the name. */
export const withLeft = (left: string, right: string): string =>
  left === right ? left : `${left} = ${right}`;

interface InNumbersProps {
  readonly formula: string;
  readonly left?: preact.ComponentChildren;
  readonly numbers: (letter: string) => { shape: readonly number[]; values: readonly number[] };
}

function InNumbers({ formula, left, numbers }: InNumbersProps) {
  return (
    <div class="in-numbers">
      {left}
      {left !== undefined && <span> = </span>}
      {tokensOf(formula).map((token, i) => {
        if (typeof token === 'string') return <span key={i}>{token}</span>;
        const { shape, values } = numbers(token.letter);
        return (
          <span key={i}>
            <Matrix shape={shape} values={values} transposed={token.mark === 'ᵀ'} />
            {token.mark === '²' && <sup>2</sup>}
          </span>
        );
      })}
    </div>
  );
}
