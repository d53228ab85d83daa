/** Code of the worker threads. */
import { dirname } from 'node:path';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { chooseKernels, type KernelChoice } from '../../common/kernels.ts';
import { rasterize } from '../../plots/raster.ts';
import { EXPERIMENTS } from '../index.ts';
import { type PartDone, type PartTask, runPart } from './runner.ts';

/** A part, and the kernels that run it. */
export interface ThreadTask extends PartTask {
  readonly kernels: KernelChoice;
}

/** A drawing and its PNG file. */
export interface PngTask {
  readonly svg: string;
  readonly file: string;
}

export async function part({ experiment, config, kernels }: ThreadTask): Promise<PartDone> {
  const found = EXPERIMENTS.find((each) => each.name === experiment);
  if (found === undefined) throw new Error(`no experiment is named ${experiment}`);
  chooseKernels(kernels);
  return await runPart(found, config);
}

export function png({ svg, file }: PngTask): void {
  makeDirectory(dirname(file));
  replaceFile(file, rasterize(svg));
}
