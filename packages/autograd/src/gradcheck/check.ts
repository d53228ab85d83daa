/** Holding autograd's gradients against differences, input by input. */
import { Random } from '@chronograd/tensor';
import { LeafCheck, type Settings } from './leaf-check.ts';
import { gradientsAt, type Question, valueTwice } from './question.ts';
import type { GradcheckEntry } from './report.ts';
import { weightings } from './rows.ts';

/** Checks a function at a point: an entry for each leaf. */
export function check(question: Question, settings: Settings): GradcheckEntry[] {
  const random = new Random(settings.seed);
  const answer = valueTwice(question);
  const rows = weightings(answer.values.length, settings, random).map((row) => ({
    ...row,
    gradients: gradientsAt(question, answer, row.weights),
  }));
  return question.point.leaves.map((leaf, i) =>
    new LeafCheck(question, settings, answer, rows, leaf, i).run(random),
  );
}
