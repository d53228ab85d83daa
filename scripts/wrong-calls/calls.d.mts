/** An error that violates a rule, and its call. */
export interface Found {
  readonly call: string;
  readonly number: number;
  readonly name: string;
  readonly error: unknown;
}

export interface Report {
  readonly calls: number;
  readonly thrown: number;
  readonly untyped: readonly Found[];
  readonly misnamed: readonly Found[];
}

export function wrongCalls(
  packages: Readonly<Record<string, object>>,
  options: { readonly seed: number; readonly count: number; readonly only?: string | null },
): Report;
