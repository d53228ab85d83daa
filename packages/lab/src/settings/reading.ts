/** Settings of the panels "Connectivity" and "Inside", which look at a cell that reads a text. */
export interface ReadingSettings {
  /** H, hidden units. */
  readonly hiddenSize: number;
  /** Updates of the training before it reads. 0: untrained. */
  readonly updates: number;
  readonly seed: number;
  /** Where the passage begins in the held-out text. */
  readonly start: number;
}

export const connectivityDefaults: ReadingSettings = { hiddenSize: 48, updates: 600, seed: 1, start: 0 };

export interface InsideSettings extends ReadingSettings {
  /** The shown tensor, such as `f` or `state`. Empty: the first. */
  readonly tap: string;
  readonly unit: number;
  /** The brushed characters, from and to, both included. Null: none. */
  readonly span: readonly [number, number] | null;
}

export const insideDefaults: InsideSettings = { ...connectivityDefaults, tap: '', unit: 0, span: null };
