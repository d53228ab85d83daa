/** Starts the page. */
import './ui/theme.css';
import { render } from 'preact';
import { App } from './App.tsx';
import { warmUp } from './shell/run.ts';
import { publish } from './shell/tests.ts';

warmUp();
publish();
render(<App />, document.getElementById('app')!);
