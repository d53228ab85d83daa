/** Code of the worker threads. */
import { dirname } from 'node:path';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { rasterize } from '../../plots/raster.ts';
import { EXPERIMENTS } from '../index.ts';
import { type PartDone, type PartTask, runPart } from './runner.ts';

/** A drawing and its PNG file. */
export interface PngTask {
  readonly svg: string;
  readonly file: string;
}

export async function part({ experiment, config }: PartTask): Promise<PartDone> {
  const found = EXPERIMENTS.find((each) => each.name === experiment);
  if (found === undefined) throw new Error(`no experiment is named ${experiment}`);
  return await runPart(found, config);
}

export function png({ svg, file }: PngTask): void {
  makeDirectory(dirname(file));
  replaceFile(file, rasterize(svg));
}
