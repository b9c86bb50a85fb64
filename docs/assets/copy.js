// Puts a button that copies beside each text made to be filled in, once it is looked at; site.js does the copying.
(() => {
  'use strict';

  const { make } = window.h2024kb.shared;

  function addButton(pre) {
    if (pre.nextElementSibling?.matches('.copying')) return;
    const button = make('button', { type: 'button', class: 'copy', 'data-copy': pre.textContent }, 'Copy');
    pre.after(make('p', { class: 'copying' }, button));
  }

  document.addEventListener('toggle', (event) => event.target.querySelectorAll?.('pre.form').forEach(addButton), true);
})();
