// Puts a button that copies beside each text made to be filled in, once it is looked at; site.js does the copying.
(() => {
  'use strict';

  const { make } = window.h2024kb.shared;

  function addButton(pre) {
    if (pre.nextElementSibling?.matches('.copying')) return;
    const button = make('button', 'Copy', 'copy');
    button.type = 'button';
    button.dataset.copy = pre.textContent;
    const line = make('p', '', 'copying');
    line.append(button);
    pre.after(line);
  }

  document.addEventListener('toggle', (event) => event.target.querySelectorAll?.('pre.form').forEach(addButton), true);
})();
