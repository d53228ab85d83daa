/** Starts the page. */
import './ui/theme.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { whole } from './shell/offline.ts';
import { publish } from './shell/tests.ts';
import { warmUp } from './shell/workers.ts';

warmUp('first').catch(() => {}); // the first run reports it
publish();
render(<App />, document.getElementById('app')!);

const IDLE = 3000; // milliseconds, after the first verdict
setTimeout(() => void whole(), IDLE);
