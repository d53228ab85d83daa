/** Mistakes in the learning-rate range test and in traces. */
const src = 'packages/nn/src';
const test = 'packages/nn/test';

export const kit = [
  {
    name: 'range-test-keeps-weights',
    mistake: 'After a range test the model has the weights of its last update.',
    file: `${src}/training/lr-range-test.ts`,
    text: 'run.restore(before);',
    replacement: 'optimizer.lr = (before.tensors.get("optimizer.lr")?.data[0] ?? 0) as number;',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-keeps-schedule-off',
    mistake: 'After a range test the optimizer has lost its schedule.',
    file: `${src}/training/lr-range-test.ts`,
    text: 'optimizer.schedule = schedule;',
    replacement: 'void schedule;',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-under-schedule',
    mistake: 'A schedule changes the rates of a range test.',
    file: `${src}/training/lr-range-test.ts`,
    text: 'optimizer.schedule = null;',
    replacement: '',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-throws-not-finite',
    mistake: 'A loss that overflows is an error, and not the end of a range test.',
    file: `${src}/training/lr-range-test.ts`,
    text: 'if (!(error instanceof NonFiniteStepError)) throw error;',
    replacement: 'if (error instanceof NonFiniteStepError) throw error;',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-biased-average',
    mistake: 'The smoothed loss begins at 0: the bias of the average is not removed.',
    file: `${src}/training/range-curve.ts`,
    text: 'const smoothed = this.#sum / this.#weight;',
    replacement: 'const smoothed = this.#sum;',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-negative-loss',
    mistake:
      'The bound is a multiple of the least loss, so a negative loss ends the test: fastai, Lightning.',
    file: `${src}/training/range-curve.ts`,
    text: 'return rise > this.#options.divergence * Math.max(Math.abs(this.#least), first - this.#least);',
    replacement: 'return rise > this.#options.divergence * this.#least + 0 * first;',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'range-test-linear-slope',
    mistake: 'The slope is taken over the rate, not its logarithm, which prefers small rates.',
    file: `${src}/training/range-curve.ts`,
    text: 'Math.log(at(this.#rates, i + 1) / at(this.#rates, i - 1))',
    replacement: '(at(this.#rates, i + 1) - at(this.#rates, i - 1))',
    test: `${test}/training/lr-range-test.test.ts`,
  },
  {
    name: 'trace-late-time-step',
    mistake: 'The time loop says the step after the one that runs.',
    file: `${src}/recurrent/loop.ts`,
    text: 'atTimeStep(start + t);',
    replacement: 'atTimeStep(start + t + 1);',
    test: `${test}/probe/trace.test.ts`,
  },
  {
    name: 'trace-loops-share-steps',
    mistake: 'A loop in a cell that is at the same step as the loop around the cell has no time step.',
    file: `${src}/probe/trace/span.ts`,
    text: ' && timeLoop === this.at.timeLoop',
    replacement: '',
    test: `${test}/probe/trace.test.ts`,
  },
  {
    name: 'trace-backward-flat',
    mistake: 'The kernels of the backward pass are not in the modules and time steps of their ops.',
    file: `${src}/probe/trace/tracer.ts`,
    text: "typeof backwardOf === 'string' ? null : backwardOf?.place",
    replacement: 'null ?? (backwardOf as null)',
    test: `${test}/probe/trace.test.ts`,
  },
  {
    name: 'trace-ends-overlap',
    mistake: 'A method that returns ends alone, and the spans in it stay open.',
    file: `${src}/probe/trace/events.ts`,
    text: 'this.#close(depth + 1, this.#last);\n    this.#close(depth, now);',
    replacement:
      'this.#open.splice(depth, 1);\n    this.#add({ name: span.name, cat: span.kind, ph: "E" }, now);',
    test: `${test}/probe/trace.test.ts`,
  },
  {
    name: 'trace-records-plan',
    mistake: 'Each trace makes a recording of a planned function, and displaces older ones.',
    file: `${src}/probe/trace/trace.ts`,
    text: 'replays: false,',
    replacement: 'replays: true,',
    test: `${test}/probe/trace.test.ts`,
  },
];
