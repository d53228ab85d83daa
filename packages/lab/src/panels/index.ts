/** The panels beside the cell, in the order of their tabs. Each loads when it is first shown. */
import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { VerdictPanel } from './Verdict.tsx';

export interface PanelEntry {
  readonly id: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType>;
}

export const panels: readonly PanelEntry[] = [
  { id: 'verdict', title: 'Verdict', load: async () => VerdictPanel },
  { id: 'byHand', title: 'By hand', load: async () => (await import('./ByHand.tsx')).ByHandPanel },
  {
    id: 'throughTime',
    title: 'Through time',
    load: async () => (await import('./ThroughTime.tsx')).ThroughTimePanel,
  },
  {
    id: 'connectivity',
    title: 'Connectivity',
    load: async () => (await import('./Connectivity.tsx')).ConnectivityPanel,
  },
  { id: 'inside', title: 'Inside', load: async () => (await import('./Inside.tsx')).InsidePanel },
  { id: 'oneStep', title: 'One step', load: async () => (await import('./OneStep.tsx')).OneStepPanel },
  { id: 'train', title: 'Train', load: async () => (await import('./Train.tsx')).TrainPanel },
  { id: 'keep', title: 'Keep', load: async () => (await import('./Keep.tsx')).KeepPanel },
];

/** The panels that are loaded, by id. */
export const loaded: Signal<Readonly<Record<string, ComponentType>>> = signal({ verdict: VerdictPanel });

const loading = new Map<string, Promise<void>>();

/** Loads a panel, once. */
export function loadPanel({ id, load }: PanelEntry): Promise<void> {
  const promise =
    loading.get(id) ??
    load().then((Panel) => {
      loaded.value = { ...loaded.value, [id]: Panel };
    });
  promise.catch(() => loading.delete(id)); // the next call tries again
  loading.set(id, promise);
  return promise;
}
