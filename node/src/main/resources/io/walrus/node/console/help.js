// The keys of this page, told by "?" or by the button at the top.
import {byId, focusKeeper} from './look.js';

export function listenForHelp() {
  const dialog = byId('help');
  let giveFocusBack = () => {};
  const toggle = () => {
    if (dialog.open) { dialog.close(); return; }
    giveFocusBack = focusKeeper();
    dialog.showModal();
  };
  byId('help-open').addEventListener('click', toggle);
  byId('help-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => giveFocusBack());
  document.addEventListener('keydown', event => {
    if (event.key === '?' && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      toggle();
    }
  });
}
