/**
 * Gives engines without it the symbol that `using` needs: WebKit 2.50, Safari before 26. Imported
 * before the library, whose classes name methods by it.
 */
if (Symbol.dispose === undefined)
  Object.defineProperty(Symbol, 'dispose', { value: Symbol.for('Symbol.dispose') });
