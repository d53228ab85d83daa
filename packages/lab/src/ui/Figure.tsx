/** A figure with a caption, which can be saved as SVG or PNG. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { savePng, saveSvg } from './save.ts';

interface FigureProps {
  /** The name of saved files. */
  readonly name: string;
  readonly caption: ComponentChildren;
  /** One SVG element. */
  readonly children: ComponentChildren;
}

export function Figure({ name, caption, children }: FigureProps) {
  const figure = useRef<HTMLElement>(null);
  const svg = (): SVGSVGElement => figure.current!.querySelector('svg')!;
  return (
    <figure ref={figure}>
      {children}
      <figcaption>
        <span>{caption}</span>
        <span class="saves">
          <button type="button" class="quiet" onClick={() => saveSvg(svg(), name)}>
            SVG
          </button>
          <button type="button" class="quiet" onClick={() => void savePng(svg(), name)}>
            PNG
          </button>
        </span>
      </figcaption>
    </figure>
  );
}
