/** The parameters, and how the steps' parts of their gradients add up. */
import type { OneStepEvent } from '../../engine/one-step.ts';
import { Matrix } from './Matrix.tsx';

interface ParametersProps {
  readonly event: OneStepEvent;
  /** T, steps of the run. */
  readonly steps: number;
}

export function Parameters({ event: { leaves, values, step }, steps }: ParametersProps) {
  const parameters = leaves.filter(({ kind }) => kind === 'parameter');
  return (
    <section class="parameters">
      <h2>Parameters</h2>
      <p class="muted">
        Every step uses them, so their gradient is the sum of a part of each step. The walk back has added
        those of step{step === steps ? ` ${step}` : `s ${steps} to ${step}`}.
      </p>
      {parameters.map(({ name, id, part }) => {
        const { shape, values: numbers, gradient } = values[id]!;
        return (
          <div key={name} class="parameter">
            <h3>
              {name} <span class="muted">[{shape.join(', ')}]</span>
            </h3>
            <div class="in-numbers">
              <Labelled label="value">
                <Matrix shape={shape} values={numbers} />
              </Labelled>
              <Labelled label={`part of step ${step}`}>
                {part === null ? <span class="muted">nothing</span> : <Matrix shape={shape} values={part} />}
              </Labelled>
              <Labelled label="sum so far">
                {gradient === null ? (
                  <span class="muted">nothing</span>
                ) : (
                  <Matrix shape={shape} values={gradient} />
                )}
              </Labelled>
            </div>
          </div>
        );
      })}
    </section>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly children: preact.ComponentChildren;
}

const Labelled = ({ label, children }: LabelledProps) => (
  <div class="labelled">
    <span class="muted">{label}</span>
    {children}
  </div>
);
