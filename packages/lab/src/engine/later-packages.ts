/** Packages of programs that only the large worker has. */
import * as data from '@chronograd/nn/data';
import * as training from '@chronograd/nn/training';
import type { LATER_PACKAGES } from '../settings/first.ts';
import { provide } from './program.ts';

const later: Record<(typeof LATER_PACKAGES)[number], object> = {
  '@chronograd/nn/data': data,
  '@chronograd/nn/training': training,
};
provide(later);
