import { render } from 'preact';
import './styles/base.css';
import './styles/frame.css';
import './styles/map.css';
import './styles/panel.css';
import './styles/picture.css';
import './styles/drives.css';
import './styles/plots.css';
import './styles/desk.css';
import './styles/earnings.css';
import { App } from './app.tsx';
import { kept } from './keepsakes.ts';
import { startKeys } from './keys.ts';
import { startNavigation } from './navigation.ts';
import { startSession } from './session.ts';
import { loadConfig } from './street.ts';
import { startTheme } from './theme.ts';
import { preferredLanguage, speak } from './words.ts';

/** The entry of the page: the one module that does something when it loads. */
async function start(): Promise<void> {
  const root = document.getElementById('app');
  if (root === null) throw new Error('index.html has no #app');
  startTheme();
  startSession();
  startNavigation();
  startKeys();
  const chosen = kept('language');
  await speak(preferredLanguage(chosen === null ? navigator.languages : [chosen, ...navigator.languages]));
  void loadConfig();
  render(<App />, root);
}

await start();
