/**
 * What the small worker has, which is loaded first. The large one has everything. It is loaded when
 * a job or an import needs it.
 */
export const FIRST_JOBS = ['throughTime', 'verdict'] as const;

/** Packages of programs that only the large worker has. */
export const LATER_PACKAGES = ['@chronograd/nn/data', '@chronograd/nn/training'] as const;

export type WorkerKind = 'first' | 'all';

/** The worker that a job needs. */
export function kindOf(job: string, codes: readonly string[]): WorkerKind {
  const later = LATER_PACKAGES.some((name) => codes.some((code) => code.includes(name)));
  return (FIRST_JOBS as readonly string[]).includes(job) && !later ? 'first' : 'all';
}
