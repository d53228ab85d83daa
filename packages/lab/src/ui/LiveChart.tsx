/** A chart of losses that grows while a run goes on, by uPlot, which is loaded when needed. */
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { type Curve, curvesSvg, HEIGHT as SVG_HEIGHT, WIDTH } from './curves-svg.ts';
import { savePngText, saveSvgText } from './save.ts';

interface LiveChartProps {
  readonly curves: readonly Curve[];
  readonly yLabel: string;
  /** Changes if the curves did. */
  readonly version: number;
  readonly theme: string;
}

const HEIGHT = 280;

export function LiveChart({ curves, yLabel, version, theme }: LiveChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = `${theme} ${yLabel} ${curves.map(({ label }) => label).join()}`;
  useEffect(() => {
    let live = true;
    void load().then((UPlot) => {
      if (!live || host.current === null) return;
      plot.current = new UPlot(optionsOf(curves, yLabel, host.current), dataOf(curves), host.current);
    });
    const resized = new ResizeObserver(([entry]) =>
      plot.current?.setSize({ width: entry!.contentRect.width, height: HEIGHT }),
    );
    resized.observe(host.current!);
    return () => {
      live = false;
      resized.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(dataOf(curves)), [version]);
  const svg = (): string => {
    const style = getComputedStyle(host.current!);
    return curvesSvg(curves, yLabel, (color) => style.getPropertyValue(color));
  };
  return (
    <figure>
      <div class="live-chart" ref={host} />
      <figcaption>
        <span />
        <span class="saves">
          <button type="button" class="quiet" onClick={() => saveSvgText(svg(), 'training')}>
            SVG
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => void savePngText(svg(), WIDTH, SVG_HEIGHT, 'training')}
          >
            PNG
          </button>
        </span>
      </figcaption>
    </figure>
  );
}

async function load(): Promise<typeof uPlot> {
  const [{ default: UPlot }] = await Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]);
  return UPlot;
}

function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  const length = Math.max(0, ...curves.map(({ values }) => values.length));
  const x = Array.from({ length }, (_, i) => i + 1);
  return [x, ...curves.map(({ values }) => values.slice())] as uPlot.AlignedData;
}

function optionsOf(curves: readonly Curve[], yLabel: string, host: HTMLElement): uPlot.Options {
  const style = getComputedStyle(host);
  const color = (name: string): string => style.getPropertyValue(name);
  const axis = {
    stroke: color('--muted'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: host.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false } },
    legend: { live: false },
    cursor: { show: false },
    axes: [
      { ...axis, label: 'updates' },
      { ...axis, label: yLabel },
    ],
    series: [
      {},
      ...curves.map(({ label, series, dashed, points }) => ({
        label,
        stroke: color(`--series-${series}`),
        width: points ? 0 : 1.5,
        spanGaps: true,
        points: { show: points ?? false, size: 7, fill: color(`--series-${series}`) },
        ...(dashed ? { dash: [6, 5] } : {}),
      })),
    ],
  };
}
