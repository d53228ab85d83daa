/** Plots of initialization. */
import { formatMedian, list, plain, short } from '../../common/format.ts';
import { dotChart } from '../../plots/dot-chart.ts';
import type { Figure } from '../../plots/figure.ts';
import { type Line, lineChart } from '../../plots/line-chart.ts';
import type { Panel } from '../../plots/panel.ts';
import { spreadOf } from '../common/curve.ts';
import { THUMBNAIL } from '../common/experiment.ts';
import { remaining } from '../common/flow.ts';
import { nearBest, type Summary } from './summary.ts';

/**
 * Range of shares that plots show: with all that small weights lose, the other lines would
 * coincide.
 */
const [LEAST, MOST] = [1e-6, 10];
/** Plots show losses up to so many nats above the lowest final one. */
const ABOVE = 0.5;

function flowLines({ groups }: Summary): Line[] {
  return groups.map(({ name, ink, outcomes }) => ({
    label: name,
    ink,
    points: spreadOf(
      outcomes.map(({ norms }) => {
        const points = remaining(norms);
        return { at: points.map(([distance]) => distance), values: points.map(([, share]) => share) };
      }),
    ).middle,
  }));
}

export function thumbnail(summary: Summary): Panel {
  return lineChart({
    ...THUMBNAIL,
    heading: 'Gradient before training',
    x: { label: 'steps back', from: 0 },
    y: { label: 'share left', scale: 'log', from: LEAST, to: MOST },
    lines: flowLines(summary).map((line) => ({ ...line, label: line.label.replace(/ \(.*/, '') })),
  });
}

/** What is left of the gradient before training, by distance. */
export function flowFigure(summary: Summary): Figure {
  const { groups, seeds } = summary;
  return {
    name: 'initialization-flow',
    title: 'Gradient left by distance, before training',
    caption: `Left: medians of ${seeds}, from ${plain(LEAST)} to ${plain(MOST)}. Right: a dot is a run, the bar their median.`,
    panels: [
      lineChart({
        heading: '‖∂L/∂h_t‖ as a share of ‖∂L/∂h_T‖',
        x: { label: 'steps back from the loss, T − t', from: 0 },
        y: { label: 'share', scale: 'log', from: LEAST, to: MOST },
        width: 560,
        height: 380,
        lines: flowLines(summary),
      }),
      dotChart({
        heading: 'Factor a step back',
        x: { label: 'fitted to all distances', from: 0 },
        level: { x: 1, label: 'unchanged' },
        width: 384,
        rowHeight: 37,
        rows: groups.map(({ name, ink, rates }) => ({ label: name, ink, values: rates })),
      }),
    ],
  };
}

/** Loss during training, and at its end. @param characters in a step */
export function lossFigure({ groups, seeds }: Summary, characters: number): Figure {
  const { near, to } = nearBest(groups);
  const cut = Math.ceil(10 * (Math.min(...groups.flatMap(({ finals }) => finals)) + ABOVE)) / 10;
  const lines = groups.map(({ name, ink, outcomes }): Line => {
    const { middle } = spreadOf(
      outcomes.map(({ loss }) => loss),
      characters,
    );
    return { label: name, ink, points: middle };
  });
  const hidden = lines.filter(({ points }) => points.every(([, y]) => y! > cut)).map(({ label }) => label);
  const missing = hidden.length === 0 ? '' : `, so not ${list(hidden)}`;
  const arrows = near.length === groups.length ? '' : ' An arrow stands for a median beyond the axis.';
  return {
    name: 'initialization-loss',
    title: 'Training loss by initialization',
    caption: `On the training text; nothing is held out. Left: medians of ${seeds}, up to ${short(cut)} nats${missing}.${arrows}`,
    panels: [
      lineChart({
        heading: 'During training',
        x: { label: 'characters read', from: 0 },
        y: { label: 'training loss, nats per character', to: cut },
        width: 560,
        height: 380,
        lines,
      }),
      dotChart({
        heading: 'Over the last tenth',
        x: { label: 'training loss, nats per character' },
        width: 384,
        rowHeight: 39,
        rows: groups.map((group) => {
          const { name, ink, finals } = group;
          const text = formatMedian(finals);
          if (!near.includes(group)) return { label: name, ink, values: [], text: `→ ${text}` };
          return { label: name, ink, values: finals.filter((loss) => loss <= to), text };
        }),
      }),
    ],
  };
}
