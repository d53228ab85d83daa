// Comments and texts are skipped. An arrow function with a block returns inside of the block.
const SKIPPED = String.raw`\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\`(?:\\.|[^\`\\])*\``;
const RETURNED = String.raw`(?<![.\w$])return(?=[ \t]+[^\s;}])|=>(?!\s*\{)`;
const TOKENS = new RegExp(`${SKIPPED}|${RETURNED}`, 'g');

/**
 * WebKit drops the frame of a function that ends with a call, as in `return f(x)`, so a stack has
 * no line of it. Returning the value of an assignment keeps the frame.
 *
 * @param code - JavaScript
 * @param name - a variable that the code may assign to
 * @returns the same program, with the same lines
 */
export function withoutTailCalls(code: string, name: string): string {
  return code.replace(TOKENS, (token) =>
    token === 'return' || token === '=>' ? `${token} ${name} =` : token,
  );
}
