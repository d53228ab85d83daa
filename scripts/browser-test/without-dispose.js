/** Puts in place of the engine's Symbol one without `dispose`, which many browsers lack. */
const { dispose: _, ...kept } = Object.getOwnPropertyDescriptors(Symbol);
const native = Symbol;
globalThis.Symbol = Object.defineProperties((description) => native(description), kept);
