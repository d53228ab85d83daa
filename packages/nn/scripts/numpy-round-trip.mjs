/**
 * NumPy writes arrays, Node reads and writes them, NumPy compares: .npy, .npz and deflated .npz,
 * both byte orders, row-major and Fortran order.
 *
 *     node packages/nn/scripts/numpy-round-trip.mjs [python]     (build first; Python with NumPy)
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy, readNpz, writeNpy, writeNpz } from '../dist/formats/npy/index.js';

const python = process.argv[2] ?? 'python3';
const script = fileURLToPath(new URL('numpy_round_trip.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chronograd-numpy-'));
try {
  execFileSync(python, ['-B', script, 'write', folder], { stdio: 'inherit' });
  for (const file of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, file));
    const [name, ending] = file.split('.');
    const again =
      ending === 'npy'
        ? writeNpy(readNpy(bytes))
        : writeNpz(readNpz(bytes), { compress: name === 'deflated' });
    writeFileSync(join(folder, `${name}_again.${ending}`), again);
  }
  execFileSync(python, ['-B', script, 'read', folder], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
