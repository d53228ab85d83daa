// Prints the bits of the program. Arguments: the kernels, then bytes to allocate first, so that the
// program's blocks follow them.

import { allocateBlock } from '../../../dist/engine.js';
import { kernelsInUse, Parameter, zeros } from '../../../dist/index.js';
import { program } from './program.mjs';

const [build, bytesBefore] = process.argv.slice(2);
const chosen = kernelsInUse();
if (bytesBefore !== undefined) allocateBlock(Number(bytesBefore));
const bits = program(build ?? chosen);
console.log(
  JSON.stringify({
    bits,
    chosen,
    webAssembly: typeof WebAssembly,
    address: new Parameter(zeros([1])).storage.address,
  }),
);
