/** Starts the page. */
import './ui/theme.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { loadPanel, panels } from './panels/index.ts';
import { publish } from './shell/tests.ts';
import { warmUp } from './shell/workers.ts';

warmUp('first');
publish();
render(<App />, document.getElementById('app')!);

// An open page works offline: what is not shown yet is loaded when the page is idle.
const IDLE = 3000; // milliseconds
setTimeout(() => {
  for (const panel of panels) void loadPanel(panel);
  warmUp('all');
}, IDLE);
