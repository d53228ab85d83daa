/** The state of the page: what its link contains. */
import { presetOf } from '../presets/index.ts';
import { type ByHandSettings, byHandDefaults } from '../settings/by-hand.ts';
import { type OneStepSettings, oneStepDefaults } from '../settings/one-step.ts';
import {
  connectivityDefaults,
  type InsideSettings,
  insideDefaults,
  type ReadingSettings,
} from '../settings/reading.ts';
import { type ThroughTimeSettings, throughTimeDefaults } from '../settings/through-time.ts';
import { type TrainSettings, trainDefaults } from '../settings/train.ts';
import { type VerdictSettings, verdictDefaults } from '../settings/verdict.ts';

/** A cell of the page. */
export interface CellText {
  readonly name: string;
  readonly code: string;
}

export interface LabState {
  /** The edited cell, then up to two others to compare it with. */
  readonly cells: readonly CellText[];
  /** The shown panel. */
  readonly panel: string;
  readonly byHand: ByHandSettings;
  readonly connectivity: ReadingSettings;
  readonly inside: InsideSettings;
  readonly oneStep: OneStepSettings;
  readonly throughTime: ThroughTimeSettings;
  readonly train: TrainSettings;
  readonly verdict: VerdictSettings;
}

const gru = presetOf('gru');

export const initialState: LabState = {
  cells: [{ name: gru.title, code: gru.code }],
  panel: 'verdict',
  byHand: byHandDefaults,
  connectivity: connectivityDefaults,
  inside: insideDefaults,
  oneStep: oneStepDefaults,
  throughTime: throughTimeDefaults,
  train: trainDefaults,
  verdict: verdictDefaults,
};
