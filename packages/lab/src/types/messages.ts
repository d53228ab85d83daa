/** Messages between the editor and TypeScript's worker. */

/** Texts of declarations by path. */
export type TypeFiles = Readonly<Record<string, string>>;

export interface Question {
  /** Once, before the first question. */
  readonly files?: TypeFiles;
  readonly id?: number;
  readonly kind?: 'type' | 'completions';
  readonly code?: string;
  readonly position?: number;
}

export interface Answer {
  readonly id: number;
  readonly type: {
    readonly from: number;
    readonly to: number;
    readonly signature: string;
    readonly documentation: string;
  } | null;
  readonly completions: readonly { readonly label: string; readonly type: string }[];
}
