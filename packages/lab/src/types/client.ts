/** Asks TypeScript's worker, which is loaded at the first question. */
import type { Answer, Question } from './messages.ts';
import TypesWorker from './types-worker.ts?worker';

let worker: Promise<Worker> | null = null;
let count = 0;
const waiting = new Map<number, (answer: Answer) => void>();

async function start(): Promise<Worker> {
  const response = await fetch('types.json');
  if (!response.ok) throw new Error(`types.json: ${response.status}`);
  const started = new TypesWorker();
  started.onmessage = ({ data }: MessageEvent<Answer>): void => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  started.postMessage({ files: await response.json() } satisfies Question);
  return started;
}

/** @throws Error if the types cannot be loaded. The next question tries again. */
export async function ask(kind: 'type' | 'completions', code: string, position: number): Promise<Answer> {
  worker ??= start();
  const started = await worker.catch((error: unknown) => {
    worker = null;
    throw error;
  });
  const id = ++count;
  const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
  started.postMessage({ id, kind, code, position } satisfies Question);
  return answer;
}
