/** A CodeMirror editor of TypeScript. */
import { closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { WorkerError } from '../engine/messages.ts';
import { types } from './editor-types.ts';
import { marking, markLine } from './marked-line.ts';

const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.number, tags.bool], color: 'var(--code-value)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
  { tag: tags.function(tags.propertyName), color: 'var(--code-call)' },
]);

const extensions = [
  lineNumbers(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  types,
  highlightActiveLine(),
  marking,
  syntaxHighlighting(highlight),
  javascript({ typescript: true }),
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
];

interface EditorProps {
  readonly label: string;
  readonly code: string;
  readonly onChange: (code: string) => void;
  readonly error?: WorkerError | null;
  /** A line to mark, from 1. */
  readonly mark?: number | null;
}

/** Marks a change that the page made, which it need not be given back. */
const fromPage = Annotation.define<true>();

export function Editor({ label, code, onChange, error = null, mark = null }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  /** Texts that were typed: the page may be some keys behind the editor. */
  const typed = useRef<string[]>([]);
  useEffect(() => {
    const listener = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (!docChanged || transactions.some((each) => each.annotation(fromPage))) return;
      const text = state.doc.toString();
      typed.current.push(text);
      changed.current(text);
    });
    const named = EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' });
    view.current = new EditorView({
      parent: host.current!,
      state: EditorState.create({ doc: code, extensions: [...extensions, named, listener] }),
    });
    return () => view.current?.destroy();
  }, []);
  // At once: a key between a render and its effect would be taken back.
  useLayoutEffect(() => {
    const current = view.current;
    if (current === null) return;
    const text = current.state.doc.toString();
    if (text === code) typed.current = [];
    if (text === code || typed.current.includes(code)) return;
    const changes = { from: 0, to: current.state.doc.length, insert: code };
    current.dispatch({ changes, annotations: fromPage.of(true) });
  });
  useEffect(() => {
    const { state, dispatch } = view.current!;
    const diagnostics = error === null ? [] : diagnosticsOf(state, error);
    dispatch.call(view.current, setDiagnostics(state, diagnostics));
  }, [error]);
  useEffect(() => markLine(view.current!, mark), [mark]);
  return <div class="editor" ref={host} />;
}

function diagnosticsOf({ doc }: EditorState, { place, message }: WorkerError): Diagnostic[] {
  if (place === null || place.line > doc.lines) return [];
  const { from, to } = doc.line(place.line);
  return [{ from, to, severity: 'error', message }];
}
