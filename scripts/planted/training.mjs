/** Mistakes in optimizers, losses, clipping, modules and saved training state. */
const src = 'packages/nn/src';
const test = 'packages/nn/test';

export const training = [
  {
    name: 'adamw-decay-coupled',
    mistake: 'AdamW adds its weight decay to the gradient, as Adam with L2 does.',
    file: `${src}/optim/adam.ts`,
    text: 'adamStep(parameter, gradient, step)',
    replacement: 'adamStep(parameter, gradient.add(parameter.mul(weightDecay)), step)',
    test: `${test}/optim/formulas.test.ts`,
  },
  {
    name: 'optimizer-steps-shared',
    mistake: 'All parameters share one step count, also those that were frozen for a while.',
    file: `${src}/optim/optimizer.ts`,
    text: 'entry.steps + 1',
    replacement: 'this.steps + 1',
    test: `${test}/optim/formulas.test.ts`,
  },
  {
    name: 'resume-loses-schedule',
    mistake: 'An optimizer whose state is loaded restarts its learning-rate schedule.',
    file: `${src}/optim/optimizer.ts`,
    text: "countField('steps', this.#updates)",
    replacement: "countField('steps', { steps: 0 })",
    test: `${test}/optim/state.test.ts`,
  },
  {
    name: 'resume-loses-step-counts',
    mistake:
      'A loaded optimizer counts the updates of its parameters from 0: Adam corrects its averages twice.',
    file: `${src}/optim/optimizer.ts`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template
    text: 'countField(`steps.${entry.name}`, entry)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template
    replacement: 'countField(`steps.${entry.name}`, { steps: 0 })',
    test: `${test}/optim/state.test.ts`,
  },
  {
    name: 'resume-loses-averages',
    mistake: 'The averages of an optimizer are not loaded with its state.',
    file: `${src}/optim/state.ts`,
    text: 'x.assign(value)',
    replacement: 'value',
    test: `${test}/optim/state.test.ts`,
  },
  {
    name: 'tied-weights-updated-twice',
    mistake: 'Tied weights count as two parameters and are updated twice.',
    file: `${src}/module.ts`,
    text: ' || seen.has(node)',
    replacement: '',
    test: `${test}/optim/groups.test.ts`,
  },
  {
    name: 'clip-each-norm',
    mistake: 'Clipping by global norm clips each gradient by its own norm.',
    file: `${src}/optim/clip.ts`,
    text: 'mapTree(op, grads, clip)',
    replacement: 'mapTree(op, grads, (g) => g.mul(Math.min(1, maxNorm / globalNorm(g))))',
    test: `${test}/optim/clip.property.test.ts`,
  },
  {
    name: 'loss-mask-after-square',
    mistake: 'The mask is applied to the losses alone: NaN beneath it reaches the gradients.',
    file: `${src}/loss/loss.ts`,
    text: 'where(counts, differences, 0).square()',
    replacement: 'where(counts, differences.square(), 0)',
    test: `${test}/loss/masked-loss.test.ts`,
  },
  {
    name: 'loss-mean-over-masked',
    mistake: 'The mean of a masked cross-entropy divides by all positions, masked ones included.',
    file: `${src}/loss/cross-entropy.ts`,
    text: 'div(counted.notEqual',
    replacement: 'div(targets.notEqual',
    test: `${test}/loss/masked-loss.test.ts`,
  },
  {
    name: 'cross-entropy-zero-times-infinity',
    mistake: 'A logit of −∞ contributes NaN to cross-entropy where its target probability is 0.',
    file: `${src}/loss/cross-entropy.ts`,
    text: 'where(none, 0, logs)',
    replacement: 'logs',
    test: `${test}/loss/cross-entropy.test.ts`,
  },
  {
    name: 'dropout-mask-repeats',
    mistake: 'Dropout restarts its random numbers in every call: all steps and layers get the same mask.',
    file: `${src}/modules/dropout.ts`,
    text: '{ random: this.random, dtype }',
    replacement: '{ random: this.random.constructor.fromState(this.random.state), dtype }',
    test: `${test}/modules/dropout.test.ts`,
  },
  {
    name: 'plan-misses-evaluation-mode',
    mistake: 'A plan goes on with dropout after the model has been switched to evaluation mode.',
    file: `${src}/module.ts`,
    text: "guard(this, 'training', this.#training);",
    replacement: '',
    test: `${test}/plan.test.ts`,
  },
  {
    name: 'curves-of-another-run',
    mistake: 'A resumed run continues the curves of whichever run wrote into its directory before.',
    file: 'packages/examples/src/char-rnn/progress/curves.ts',
    text: 'saved === null || saved.run !== this.#run',
    replacement: 'saved === null',
    test: 'packages/examples/test/char-rnn/progress/plot.test.ts',
  },
];
