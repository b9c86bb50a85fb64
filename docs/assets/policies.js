// Filters the table of policies as one types; the choices stand in the fragment, so that a link can be copied.
(() => {
  'use strict';

  const form = document.querySelector('[data-filter]');
  if (!form) return;
  const bodies = [...document.querySelectorAll(`#${form.dataset.filter} tbody`)];
  const [words, status, business] = ['filter-words', 'filter-status', 'filter-business'].map((id) =>
    document.getElementById(id));
  const said = form.querySelector('.filter__said');
  const names = { find: words, answer: status, business };

  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  const records = bodies.map((body) => ({
    body,
    rows: [...body.querySelectorAll('tr:not(.group)')].map((row) => ({
      row,
      text: fold(`${body.querySelector('.group').textContent} ${row.textContent} ${row.dataset.words}`),
      status: row.querySelector('.status').textContent,
      business: row.cells[1].textContent,
    })),
  }));

  function fits(record, wanted) {
    return wanted.every((word) => record.text.includes(word))
      && (!status.value || record.status === status.value)
      && (!business.value || record.business === business.value);
  }

  function show() {
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    let count = 0;
    records.forEach(({ body, rows }) => {
      const shown = rows.filter((record) => {
        record.row.hidden = !fits(record, wanted);
        return !record.row.hidden;
      }).length;
      body.hidden = !shown;
      count += shown;
    });
    said.textContent = count ? `${count} ${count === 1 ? 'policy' : 'policies'}` : 'No policy fits. Try fewer words.';
  }

  function remember() {
    const chosen = Object.entries(names).filter(([, field]) => field.value).map(([name, field]) => [name, field.value]);
    const hash = new URLSearchParams(chosen).toString();
    history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  }

  function recall() {
    new URLSearchParams(location.hash.slice(1)).forEach((value, name) => {
      if (names[name]) names[name].value = value;
    });
  }

  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', () => { show(); remember(); });
  window.addEventListener('hashchange', () => { recall(); show(); });
  recall();
  show();
})();
