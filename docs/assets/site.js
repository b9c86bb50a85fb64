// Small habits that every page shares; each page reads well without them. What needs a script is `hidden` until here.
(() => {
  'use strict';

  const { byId, today, make, copy, saveCsv } = window.h2024kb.shared;
  const all = (selector) => [...document.querySelectorAll(selector)];

  function say(words) {
    let said = byId('said');
    if (!said) {
      said = make('div', { id: 'said', role: 'status' });
      document.body.append(said);
    }
    // Emptied first, so that a screen reader says the same words twice where they come twice.
    said.textContent = '';
    requestAnimationFrame(() => { said.textContent = words; });
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { said.textContent = ''; }, 4000);
  }

  // {page} in the text stands for the address of the page, or of the one that data-page names.
  function textToCopy(button) {
    const page = new URL(button.dataset.page || location.href, location.href);
    page.hash = button.dataset.page ? page.hash : '';
    return button.dataset.copy.replaceAll('{page}', page.href);
  }

  async function onCopy(button) {
    const done = await copy(textToCopy(button));
    say(done ? 'Copied' : 'This browser did not let us copy');
  }

  function cellText(cell) {
    const clone = cell.cloneNode(true);
    clone.querySelectorAll('.no-csv, [hidden]').forEach((one) => one.remove());
    clone.querySelectorAll('li, div, p, br, small').forEach((one) => one.before(' '));
    return clone.textContent.replace(/\s+/g, ' ').trim();
  }

  const shown = (row) => !row.closest('[hidden]') && row.querySelector('td, th[scope="row"], thead th, th');

  function onCsv(button) {
    const table = byId(button.dataset.csv);
    if (!table) return;
    const rows = [...table.rows].filter(shown).map((row) => [...row.cells].map(cellText));
    saveCsv(button.dataset.csvName || button.dataset.csv, rows);
    say('Saved as CSV');
  }

  // The day the page was built is not the reader's: what is due and what applies is worked out again for today.
  function showDue(element) {
    const late = element.dataset.due < today();
    element.classList.toggle('due--overdue', late);
    element.querySelectorAll('.due__word').forEach((word) => { word.hidden = !late; });
  }

  function showChange(bar) {
    const { changeDay, changeUntil } = bar.dataset;
    bar.hidden = today() < changeDay || Boolean(changeUntil && today() > changeUntil);
  }

  const ACTIONS = [['[data-copy]', onCopy], ['[data-print]', () => print()], ['[data-csv]', onCsv]];

  function start() {
    all('[data-copy], [data-print], [data-csv]').forEach((button) => { button.hidden = false; });
    all('[data-address]').forEach((place) => { place.textContent = location.href.split('#')[0]; });
    all('[data-due]').forEach(showDue);
    all('[data-change-day]').forEach(showChange);
  }

  document.addEventListener('click', (event) => {
    for (const [selector, act] of ACTIONS) {
      const button = event.target.closest?.(selector);
      if (button) act(button);
    }
  });
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
