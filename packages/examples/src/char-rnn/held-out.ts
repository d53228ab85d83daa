/** The verdict at the end of a run: bits per character on the held-out text, beside what n-gram models of the same text make of it. */
import { heldOutBits } from './evaluate.ts';
import { bitsPerCharacter, trainNgram } from './ngram.ts';
import type { TrainSummary } from './progress.ts';
import type { Run } from './training-loop.ts';

/** Null where nothing is held out, or somebody asked to stop. */
export async function measureHeldOut({
  trainer,
  interruption,
  breathing,
}: Run): Promise<TrainSummary['heldOut']> {
  const { training, heldOut, vocabulary } = trainer.text;
  if (heldOut.length === 0 || interruption.exitCode !== null) return null;
  const model = await heldOutBits(trainer.model, heldOut, async () => {
    if (breathing.due) await breathing.pause();
    return interruption.exitCode === null;
  });
  if (model === null) return null;
  const ngram = trainNgram(training, vocabulary.size, 4);
  const trigram = bitsPerCharacter(ngram, heldOut, training, 3);
  const fourgram = bitsPerCharacter(ngram, heldOut, training, 4);
  return { model, trigram, fourgram };
}
