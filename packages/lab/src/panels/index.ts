/** The panels beside the cell, in the order of their tabs. */
import type { ComponentType } from 'preact';
import { ConnectivityPanel } from './Connectivity.tsx';
import { InsidePanel } from './Inside.tsx';
import { ThroughTimePanel } from './ThroughTime.tsx';
import { TrainPanel } from './Train.tsx';
import { VerdictPanel } from './Verdict.tsx';

export interface PanelEntry {
  readonly id: string;
  readonly title: string;
  readonly Panel: ComponentType;
}

export const panels: readonly PanelEntry[] = [
  { id: 'verdict', title: 'Verdict', Panel: VerdictPanel },
  { id: 'throughTime', title: 'Through time', Panel: ThroughTimePanel },
  { id: 'connectivity', title: 'Connectivity', Panel: ConnectivityPanel },
  { id: 'inside', title: 'Inside', Panel: InsidePanel },
  { id: 'train', title: 'Train', Panel: TrainPanel },
];
