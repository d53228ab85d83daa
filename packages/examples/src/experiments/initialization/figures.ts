/** Plots of initialization. */
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { plain } from '../../plots/scale.ts';
import { spreadOf } from '../common/curve.ts';
import { remaining } from '../common/flow.ts';
import { median } from '../common/statistics.ts';
import { list, short } from '../common/words.ts';
import { nearBest, type Summary } from './summary.ts';

/** Shares that are drawn: settings that keep much of the gradient would lie on one another if the axis showed all that small weights lose. */
const [LEAST, MOST] = [1e-6, 10];
/** Losses that are drawn: as many nats above the lowest that is reached in the end. */
const ABOVE = 0.5;

/** What is left of the gradient before training, by distance. */
export function flowFigure({ groups, seeds, sentences }: Summary): Figure {
  const curves = groups.map(({ name, ink, outcomes }) => ({
    label: name,
    ink,
    points: spreadOf(
      outcomes.map(({ norms }) => {
        const points = remaining(norms);
        return { at: points.map(([distance]) => distance), values: points.map(([, share]) => share) };
      }),
    ).middle,
  }));
  return {
    name: 'initialization-flow',
    title: 'How much of the gradient is left, by distance, before training',
    caption: `${sentences.flow} ${sentences.twins} Lines: medians of ${seeds}; shares below ${plain(LEAST)} or above ${plain(MOST)} are not drawn. A dot is a run, the bar their median.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
        x: { label: 'steps back from the loss, T − t', from: 0 },
        y: { label: 'share', scale: 'log', from: LEAST, to: MOST },
        width: 560,
        height: 380,
        lines: curves,
      }),
      dotChart({
        heading: 'Factor a step back',
        x: { label: 'fitted to all distances', from: 0 },
        level: { x: 1, label: 'kept' },
        width: 384,
        rowHeight: 37,
        rows: groups.map(({ name, ink, rates }) => ({ label: name, ink, values: rates })),
      }),
    ],
  };
}

/** Loss while training, and in the end. */
export function lossFigure({ groups, seeds, sentences }: Summary, characters: number): Figure {
  const { near, to } = nearBest(groups);
  const cut = Math.ceil(10 * (Math.min(...groups.flatMap(({ finals }) => finals)) + ABOVE)) / 10;
  const lines = groups.map(({ name, ink, outcomes }) => ({
    label: name,
    ink,
    points: spreadOf(
      outcomes.map((each) => each.loss),
      characters,
    ).middle,
  }));
  const hidden = lines.filter(({ points }) => points.every(([, y]) => y > cut)).map(({ label }) => label);
  const beyond = groups.filter((group) => !near.includes(group));
  const notes = [
    `What is above ${short(cut)} nats is not drawn at the left${hidden.length === 0 ? '' : `: all of ${list(hidden)}`}.`,
    beyond.length === 0 ? '' : 'At the right an arrow stands for a median beyond the axis.',
  ];
  return {
    name: 'initialization-loss',
    title: 'What is learned from there: the training loss',
    caption: `${sentences.loss} Losses are those of the text that is trained on; none is held out. Lines: medians of ${seeds}. A dot is a run, the bar their median. ${notes.join(' ').trim()}`,
    panels: [
      lineChart({
        heading: 'While training',
        x: { label: 'characters read', from: 0 },
        y: { label: 'training loss, nats per character', to: cut },
        width: 560,
        height: 380,
        lines,
      }),
      dotChart({
        heading: 'In the end: the last tenth',
        x: { label: 'training loss, nats per character' },
        width: 384,
        rowHeight: 39,
        rows: groups.map((group) => {
          const { name, ink, finals } = group;
          if (near.includes(group))
            return {
              label: name,
              ink,
              values: finals.filter((loss) => loss <= to),
              words: short(median(finals), 4),
            };
          return { label: name, ink, values: [], words: `→ ${short(median(finals), 4)}` };
        }),
      }),
    ],
  };
}
