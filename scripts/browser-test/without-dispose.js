/** Replaces the engine's Symbol by one without `dispose`, which many browsers lack. */
const { dispose: _, ...kept } = Object.getOwnPropertyDescriptors(Symbol);
const native = Symbol;
globalThis.Symbol = Object.defineProperties((description) => native(description), kept);
