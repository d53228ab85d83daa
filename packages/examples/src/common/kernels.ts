/** The kernels of a program, by the name that its user gives. */
import { type KernelBuild, kernelsAvailable, useKernels } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';

/** Values of `--kernels`. `fastest` is the first of `wide`, `fast` and `strict` that can run. */
export const KERNEL_CHOICES = ['fastest', 'wide', 'fast', 'strict', 'reference'] as const;

/** A value of `--kernels`. */
export type KernelChoice = (typeof KERNEL_CHOICES)[number];

/** The kernels of a setting, best first. */
const WANTED: Readonly<Record<KernelChoice, readonly KernelBuild[]>> = {
  fastest: ['wide', 'fast', 'strict'],
  wide: ['wide', 'fast'],
  fast: ['fast'],
  strict: ['strict'],
  reference: ['reference'],
};

/** Sets the kernels, or the best alternative of this engine. @returns notes for the user */
export function chooseKernels(kernels: KernelChoice): string[] {
  const missing = kernels === 'fastest' || kernels === 'wide' ? useWideKernels().reason : null;
  const available = kernelsAvailable();
  const wanted = WANTED[kernels];
  const chosen = available.find((each) => wanted.includes(each)) ?? available[0]!;
  useKernels(chosen);
  if (chosen === 'reference' && kernels !== 'reference')
    return [
      'this engine has no WebAssembly SIMD: reference kernels, the bits of strict ones, many times slower',
    ];
  if (kernels === 'wide' && missing !== null) return [`${missing}: ${chosen} kernels`];
  return kernels === 'fast' && chosen !== 'fast'
    ? ['this engine has no relaxed SIMD, which fast kernels need (Node 22 has it): strict kernels']
    : [];
}
