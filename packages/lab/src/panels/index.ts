/** The panels beside the cell, in the order of their tabs. */
import type { ComponentType } from 'preact';
import { VerdictPanel } from './Verdict.tsx';

export interface PanelEntry {
  readonly id: string;
  readonly title: string;
  readonly Panel: ComponentType;
}

export const panels: readonly PanelEntry[] = [{ id: 'verdict', title: 'Verdict', Panel: VerdictPanel }];
