/**
 * The heap: one linear memory that kernels compute in. A WebAssembly.Memory where the engine has one, an ordinary ArrayBuffer
 * otherwise. Growing it detaches every older typed-array view *silently*, so nobody may keep one: the accessors below re-derive.
 */
