/** What the user can take away: a link, the program, weights and numbers. */
import './Keep.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { encodeLink } from '../shell/link.ts';
import { classNameOf, programFile } from '../shell/program-file.ts';
import { results, sent, state } from '../shell/store.ts';
import { frame, progress } from '../shell/training.ts';
import { saveFile } from '../ui/save.ts';

export function KeepPanel() {
  return (
    <div class="keep">
      <Link />
      <Program />
      <Weights />
      <Item title="Numbers">
        <p>Every number that the panels have computed so far, with the settings that give them.</p>
        <button type="button" onClick={saveNumbers}>
          Save as JSON
        </button>
      </Item>
      <Item title="Figures">
        <p>Below each figure are two buttons that save it as SVG or PNG, in the colors of the page.</p>
      </Item>
    </div>
  );
}

function Item({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

function Link() {
  const copied = useSignal(false);
  const url = `${location.href.replace(/#.*/, '')}#${encodeLink(sent.value)}`;
  return (
    <Item title="Link">
      <p>
        The address of this page with everything in it: cells, settings and seed. Nothing is stored anywhere
        else. It opens on the panel that you looked at before this one. Whoever opens it sees a changed
        program first, and runs it with a button.
      </p>
      <div class="copy">
        <input
          type="text"
          readOnly
          aria-label="Link to this state"
          value={url}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button
          type="button"
          class="primary"
          onClick={async () => {
            await navigator.clipboard.writeText(url);
            copied.value = true;
            setTimeout(() => {
              copied.value = false;
            }, 2000);
          }}
        >
          {copied.value ? 'Copied' : 'Copy'}
        </button>
      </div>
      <p class="muted">{url.length.toLocaleString('en')} characters</p>
    </Item>
  );
}

function Program() {
  const [{ name, code }] = state.value.cells as [{ name: string; code: string }];
  const file = `${(classNameOf(code) ?? name).replaceAll(/\W+/g, '-')}.ts`;
  return (
    <Item title="Program">
      <p>
        The cell as a TypeScript file. In a clone of Chronograd, <code>node {file}</code> prints the report of
        its laws, and <code>pnpm check {file}</code> its gradients three ways.
      </p>
      <button
        type="button"
        onClick={() =>
          saveFile(file, programFile(code, classNameOf(code) ?? 'MyCell'), 'text/plain;charset=utf-8')
        }
      >
        Save {file}
      </button>
    </Item>
  );
}

function Weights() {
  const trained = frame.value >= 0 ? progress.map(({ weights }) => weights) : [];
  const names = state.value.cells.map(
    ({ name }) => `${name.replaceAll(/\W+/g, '-').toLowerCase()}.safetensors`,
  );
  return (
    <Item title="Weights">
      {trained.every((weights) => weights === null) && (
        <p>Train a cell first: its weights are saved here, as of the last measurement.</p>
      )}
      {trained.map(
        (weights, i) =>
          weights !== null && (
            <p key={i}>
              <button
                type="button"
                onClick={() => saveFile(names[i]!, weights.bytes, 'application/octet-stream')}
              >
                Save {names[i]}
              </button>{' '}
              <span class="muted">after {weights.step} updates</span>
            </p>
          ),
      )}
      <pre>{`from safetensors.torch import load_file
weights = load_file("${names[0]}")  # a dict of PyTorch tensors`}</pre>
    </Item>
  );
}

function saveNumbers(): void {
  const computed = Object.entries(results).map(([name, { value }]) => [name, value.events] as const);
  const training = progress.map(({ weights: _, ...numbers }) => numbers);
  const numbers = { state: state.value, results: Object.fromEntries(computed), training };
  saveFile('chronograd-lab.json', `${JSON.stringify(numbers, null, 1)}\n`, 'application/json');
}
