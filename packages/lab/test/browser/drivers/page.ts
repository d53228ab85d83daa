/** What a test does in a browser, the same in every engine. */

/** A browser that was started. */
export interface Browser {
  /** Name and version, for titles. */
  readonly title: string;
  open(url: string, options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface PageOptions {
  /** CSS pixels. Default: 1280 × 800. */
  readonly width?: number;
  readonly height?: number;
}

/** A page that was opened. */
export interface Page {
  /**
   * Runs a function in the page, and waits for its promise. Arguments and result are sent as JSON,
   * so the function may use only its arguments and globals.
   */
  evaluate<A extends readonly unknown[], T>(body: (...args: A) => T, ...args: A): Promise<Awaited<T>>;
  /** Presses and releases keys: characters, or names such as 'Tab', 'Enter', 'ArrowRight'. */
  press(...keys: readonly string[]): Promise<void>;
  /** Errors in the console, and exceptions. WebKit's driver reports none. */
  readonly problems: string[];
  /** Addresses that were requested. WebKit's driver reports none. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** The text of a call in the page, whose value is a promise of JSON. */
export const callOf = (body: (...args: never[]) => unknown, args: readonly unknown[]): string =>
  `(async () => JSON.stringify((await (${body})(...${JSON.stringify(args)})) ?? null))()`;

/** Keys as W3C names them, which are characters of a private area. */
const KEYS: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  End: '\uE010',
  Home: '\uE011',
  Shift: '\uE008',
  Control: '\uE009',
};

/** The W3C actions of keys, of WebDriver and WebDriver BiDi. 'Shift+Tab' holds the first one. */
export function actionsOf(keys: readonly string[]): object[] {
  const actions = keys.flatMap((key) => {
    const held = key.length === 1 ? [key] : key.split('+');
    const values = held.map((each) => KEYS[each] ?? each);
    return [
      ...values.map((value) => ({ type: 'keyDown', value })),
      ...values.toReversed().map((value) => ({ type: 'keyUp', value })),
    ];
  });
  return [{ type: 'key', id: 'keyboard', actions }];
}
