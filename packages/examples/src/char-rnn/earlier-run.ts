/** What another run left in a directory is kept there, in a folder below. */
import { join } from 'node:path';
import { type CheckpointDisk, nodeDisk } from './checkpoint-disk.ts';
import { removeIfPossible, STATE_FILE, TENSORS_NAME } from './checkpoint-files.ts';

/** Training curves: `training.svg` and the like. */
const CURVES_NAME = /^training\.(json|(dark\.)?(svg|png))$/;

/**
 * Copies a saved run into a folder below its own, durably: `earlier-1`, or the first number that is free. Within, so that it is the
 * same disk. Its curves move there: they would be an old picture beside a new model.
 * @returns the folder; null where there is no saved run
 */
export function keepEarlier(directory: string, disk: CheckpointDisk = nodeDisk): string | null {
  const names = disk.list(directory);
  if (!names.includes(STATE_FILE)) return null;
  let number = 1;
  while (names.includes(`earlier-${number}`)) number++;
  const folder = join(directory, `earlier-${number}`);
  const curves = names.filter((name) => CURVES_NAME.test(name));
  try {
    disk.makeDirectory(folder);
    // The state last: a folder without one is no saved run, whatever interrupts this.
    for (const name of [...names.filter((each) => TENSORS_NAME.test(each)), ...curves, STATE_FILE]) {
      disk.copy(join(directory, name), join(folder, name));
      disk.syncFile(join(folder, name));
      disk.syncDirectory(folder);
    }
  } catch (error) {
    removeIfPossible(disk, folder);
    throw error;
  }
  for (const name of curves) disk.remove(join(directory, name));
  return folder;
}
