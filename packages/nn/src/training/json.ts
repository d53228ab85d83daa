/** Plain data that JSON represents exactly. */

/** A JSON value. Numbers must be finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
