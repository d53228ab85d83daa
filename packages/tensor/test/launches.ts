import { KernelProfile, scope, withProfile } from '../src/index.ts';

/** The kernels that `body` launches, with their counts: `{ copy: 1, add: 1 }`. */
export function launches(body: () => unknown): Record<string, number> {
  const profile = new KernelProfile(() => 0);
  withProfile(profile, () =>
    scope(() => {
      body();
    }),
  );
  const rows = profile.rows.filter(({ kernel }) => kernel !== 'between kernels');
  return Object.fromEntries(rows.map(({ kernel, calls }) => [kernel, calls]));
}
