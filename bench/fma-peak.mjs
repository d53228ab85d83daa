/**
 * Measures the peak of vector units in WebAssembly, one thread, float32. It measures fused
 * multiply-add (relaxed SIMD, if the engine has it), and a multiplication followed by an addition,
 * on 128 bits. On Node 24 and 26 it also measures fused multiply-add that V8 packs into 256 bits,
 * as for wide kernels. Prints GFLOP/s, or with --json
 * `{"fused": number | null, "separate": number, "wide": number | null}`.
 *
 * Each form is fastest in another kind of loop, and the best of all counts. Chains a ← a·m + c stay
 * in registers. Tiles, like in a matrix product, add products of a register and a loaded vector to
 * accumulators.
 */
import { setFlagsFromString } from 'node:v8';
import { main as compile } from 'assemblyscript/asc';

/** Enough independent sums to hide the units' latency, few enough for 16 registers. */
const CHAINS = [8, 12];
const TILES = [
  [3, 3],
  [2, 5],
];
/** Links, or steps along k, per iteration of the loop. */
const UNROLLED = 8;
const TURNS = 100_000;
const ATTEMPTS = 40;

const forms = {
  fused: (a, b, sum) => `f32x4.relaxed_madd(${a}, ${b}, ${sum})`,
  separate: (a, b, sum) => `f32x4.add(f32x4.mul(${a}, ${b}), ${sum})`,
};

const range = (n) => Array.from({ length: n }, (_, i) => i);

/** The source of a loop, and the number of four-lane sums that each of its steps adds to. */
function loop(names, declarations, step) {
  const body = range(UNROLLED).map(step).join('\n');
  const total = names.reduce((all, name) => `f32x4.add(${all}, ${name})`);
  return {
    sums: names.length,
    source: `export function run(turns: i32, factor: f32): f32 {
      ${declarations}
      ${names.map((name, i) => `let ${name} = f32x4.splat(${i});`).join(' ')}
      for (let i = 0; i < turns; i++) { ${body} }
      return f32x4.extract_lane(${total}, 0);
    }`,
  };
}

function chains(form, count) {
  const names = range(count).map((i) => `a${i}`);
  const declarations = 'const m = f32x4.splat(factor), c = f32x4.splat(1 - factor);';
  return loop(names, declarations, () => names.map((a) => `${a} = ${form(a, 'm', 'c')};`).join(' '));
}

function tile(form, [rows, columns]) {
  const names = range(rows * columns).map((i) => `a${i}`);
  const registers = range(rows).map((i) => `const x${i} = f32x4.splat(factor + ${i});`);
  return loop(names, `let m = f32x4.splat(0); ${registers.join(' ')}`, (k) =>
    range(columns)
      .map((j) => {
        const column = range(rows).map((i) => {
          const sum = names[i * columns + j];
          return `${sum} = ${form(`x${i}`, 'm', sum)};`;
        });
        return `m = v128.load(${(k * columns + j) * 16}); ${column.join(' ')}`;
      })
      .join('\n'),
  );
}

/** Rows and columns of the tile that V8 packs: 24 sums of 128 bits in 12 registers of 256. */
const [ROWS, COLUMNS] = [6, 4];

/** V8 packs operations whose results are stored side by side, the higher address first. */
function wideTile() {
  const names = range(ROWS * COLUMNS).map((i) => `a${i}`);
  const step = (k) => {
    const loads = range(COLUMNS).map((j) => `let m${k}_${j} = v128.load(p, ${(k * COLUMNS + j) * 16});`);
    const rows = range(ROWS).map((i) => {
      const x = `const x${k}_${i} = v128.load32_splat(q, ${(k * ROWS + i) * 4});`;
      const sums = range(COLUMNS).map((j) => {
        const sum = names[i * COLUMNS + j];
        return `${sum} = ${forms.fused(`x${k}_${i}`, `m${k}_${j}`, sum)};`;
      });
      return `${x} ${sums.join(' ')}`;
    });
    return [...loads, ...rows].join('\n');
  };
  const stores = range(ROWS * COLUMNS).map((i) => `v128.store(r, ${names[i]}, ${i * 16});`);
  return {
    sums: names.length,
    source: `export function run(turns: i32, p: usize, q: usize, r: usize): void {
      ${names.map((name) => `let ${name} = f32x4.splat(0);`).join(' ')}
      for (let i = 0; i < turns; i++) {
        ${step(0)}
        p ^= 64; q ^= 64; // else the loads would leave the loop
      }
      ${stores.reverse().join('\n')}
    }`,
  };
}

async function build(source) {
  let binary;
  const { error, stderr } = await compile(
    [
      ...[
        'peak.ts',
        '--outFile',
        'peak.wasm',
        '--runtime',
        'stub',
        '--noAssert',
        '-O3',
        '--initialMemory',
        '1',
      ],
      ...['--enable', 'simd', '--enable', 'relaxed-simd'],
    ],
    {
      readFile: (name) => (name === 'peak.ts' ? source : null),
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error) throw new Error(stderr.toString());
  return binary;
}

/** GFLOP/s, or null if the engine has no such instructions. */
async function peak(form) {
  const kernels = [];
  for (const { source, sums } of [
    ...CHAINS.map((n) => chains(form, n)),
    ...TILES.map((n) => tile(form, n)),
  ]) {
    const binary = await build(source);
    if (!WebAssembly.validate(binary)) return null;
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
    run(TURNS, 0.999); // compiled by now
    kernels.push({ run, flops: TURNS * UNROLLED * sums * 4 * 2 });
  }
  let best = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const { run, flops } of kernels) {
      const start = performance.now();
      run(TURNS, 0.999);
      best = Math.max(best, flops / (performance.now() - start) / 1e6);
    }
  }
  return best;
}

/** GFLOP/s of the packed tile, or null where wide kernels do not run. */
async function widePeak() {
  if (!/^1[34]\./.test(process.versions.v8) || process.arch !== 'x64') return null;
  const { source, sums } = wideTile();
  const binary = await build(source);
  const flags = ['liftoff', 'wasm-inlining', 'wasm-lazy-compilation'];
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
  setFlagsFromString('--experimental-wasm-revectorize');
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(binary)).exports;
  const flops = TURNS * UNROLLED * sums * 4 * 2;
  let best = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = performance.now();
    run(TURNS * UNROLLED, 4096, 8192, 16384);
    best = Math.max(best, flops / (performance.now() - start) / 1e6);
  }
  return best;
}

const found = {
  fused: await peak(forms.fused),
  separate: await peak(forms.separate),
  wide: await widePeak(),
};
if (process.argv.includes('--json')) console.log(JSON.stringify(found));
else {
  const show = (value) => (value === null ? 'not in this engine' : `${value.toFixed(1)} GFLOP/s`);
  console.log(`One thread, Node ${process.versions.node}:`);
  console.log(`fused multiply-add, 128 bit ${show(found.fused)}`);
  console.log(`multiplication and addition ${show(found.separate)}`);
  console.log(`packed into 256 bits       ${show(found.wide)}`);
}
