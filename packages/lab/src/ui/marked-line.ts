/** A line of the editor that another panel marks. */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import { type Signal, signal } from '@preact/signals';

/** The line, from 1. */
export const markedLine: Signal<number | null> = signal(null);

const setMark = StateEffect.define<number | null>();
const style = Decoration.line({ class: 'cm-marked' });

/** The editor's extension. */
export const marking = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    const effect = effects.find((each) => each.is(setMark));
    if (effect === undefined) return marks.map(changes);
    const line: number | null = effect.value;
    if (line === null || line > state.doc.lines) return Decoration.none;
    return Decoration.set(style.range(state.doc.line(line).from));
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Marks a line, and scrolls the editor to it. */
export function markLine(view: EditorView, line: number | null): void {
  const { doc } = view.state;
  const shown = line !== null && line <= doc.lines;
  const scroll = shown ? [EditorView.scrollIntoView(doc.line(line).from, { y: 'nearest' })] : [];
  view.dispatch({ effects: [setMark.of(line), ...scroll] });
}
