// The filter of the page of modifiers. What is typed goes nowhere.
(() => {
  'use strict';

  const field = document.getElementById('modifier-filter');
  const said = document.getElementById('modifier-found');
  const plain = (text) => text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const bodies = [...document.querySelectorAll('.modifier-body')];
  const sections = bodies.map((body) => {
    const heading = body.previousElementSibling;
    return { body, heading, rest: [...body.querySelectorAll('.rest tbody tr')] };
  });
  const ofRow = (row) => `${row.cells[0].textContent} ${row.cells[1].textContent}`;

  function filterRest({ body, heading, rest }, fits) {
    for (const row of rest) row.hidden = !fits(ofRow(row));
    const left = rest.filter((row) => !row.hidden).length;
    body.hidden = heading.hidden = left === 0;
    return left;
  }

  function filterOne({ body, heading }, fits) {
    body.hidden = heading.hidden = !fits(`${heading.textContent} ${body.textContent}`);
    return body.hidden ? 0 : 1;
  }

  function filter() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => plain(text).includes(word));
    let left = 0;
    for (const section of sections) left += (section.rest.length ? filterRest : filterOne)(section, fits);
    said.textContent = words.length ? `${left} ${left === 1 ? 'modifier fits' : 'modifiers fit'}.` : '';
    if (words.length && !left) said.textContent = 'No modifier here fits. That says nothing about what payers allow.';
  }

  document.getElementById('modifier-form').hidden = false;
  document.getElementById('modifier-form').addEventListener('submit', (event) => event.preventDefault());
  field.addEventListener('input', filter);
})();
