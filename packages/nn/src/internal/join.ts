/** Paths of parts: `cell.i`; one of both alone where the other is empty. */
export const join = (path: string, name: string): string =>
  path === '' || name === '' ? path + name : `${path}.${name}`;
