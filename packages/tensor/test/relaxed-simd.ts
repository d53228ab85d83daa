/**
 * Lets Node 20 run the fast kernels. Its relaxed SIMD needs a flag, which may be set before
 * anything is compiled. Import this before the package. Other engines are not changed.
 */
import v8 from 'node:v8';
import { fastModule } from '../src/kernels/fast.generated.ts';
import { decodeHex } from '../src/kernels/hex.ts';
import { wasm } from '../src/memory/wasm.ts';

if (!wasm!.validate(decodeHex(fastModule))) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
