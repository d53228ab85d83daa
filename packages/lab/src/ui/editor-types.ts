/** Types on hover and completions, by TypeScript, which is loaded when it is first asked. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { hoverTooltip, type Tooltip } from '@codemirror/view';
import type { Answer } from '../types/messages.ts';

const client = () => import('../types/client.ts');

export const types = [
  hoverTooltip(async ({ state }, position): Promise<Tooltip | null> => {
    const word = state.wordAt(position);
    if (word === null) return null;
    const { ask } = await client();
    const { type } = await ask('type', state.doc.toString(), position);
    if (type === null) return null;
    return { pos: type.from, end: type.to, above: true, create: () => ({ dom: tooltipOf(type) }) };
  }),
  autocompletion({ activateOnTyping: false, override: [complete] }),
];

function tooltipOf({ signature, documentation }: NonNullable<Answer['type']>): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'type-tooltip';
  const code = dom.appendChild(document.createElement('code'));
  code.textContent = signature;
  if (documentation !== '') dom.appendChild(document.createElement('p')).textContent = documentation;
  return dom;
}

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/\w*/);
  const { ask } = await client();
  const { completions } = await ask('completions', context.state.doc.toString(), context.pos);
  if (completions.length === 0) return null;
  const options = completions.map(({ label, type }) => ({ label, type }));
  return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
}
