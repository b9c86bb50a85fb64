// Three questions that narrow the rows on the page. The choices stand in the address, so that a link can be copied.
(() => {
  'use strict';

  const { byId, make, selectOption, choices } = window.h2024kb.shared;
  const [kind, policy, unit, said] = ['ask-kind', 'ask-policy', 'ask-unit', 'said-codes'].map(byId);
  const sections = [...document.querySelectorAll('.kind')].map((body) => ({
    id: body.dataset.kind,
    body,
    heading: body.previousElementSibling,
    rows: [...body.querySelectorAll('.named tbody tr')],
    family: [...body.querySelectorAll('.descriptors tbody tr')],
  }));
  const chosenText = (select) => select.selectedOptions[0].textContent;
  const withUnit = (row) => !unit.value || !row.dataset.unit || row.dataset.unit === unit.value;

  function showSection(section) {
    const hidden = Boolean(kind.value) && section.id !== kind.value;
    section.body.hidden = section.heading.hidden = hidden;
    for (const row of section.rows) row.hidden = !((!policy.value || row.dataset.policy === policy.value) && withUnit(row));
    for (const row of section.family) row.hidden = Boolean(unit.value) && row.dataset.unit !== unit.value;
    note(section.body.querySelector('.no-rows'), section.rows, 'No source of this choice that we read names a code. That is not a refusal: nobody here knows.');
    note(section.body.querySelector('.no-family'), section.family, 'None of these descriptors has this unit.');
  }

  function note(element, rows, words) {
    if (!element) return;
    const empty = rows.every((row) => row.hidden);
    element.hidden = !empty;
    element.textContent = empty ? words : '';
    rows[0].closest('table').hidden = empty;
  }

  const paragraph = (text, className = null) => make('p', { class: className }, text);

  function named(rows) {
    const item = (row) => make('li', {}, make('strong', {}, row.dataset.code), ` ${row.cells[3].firstChild.textContent.trim()}`);
    return make('ul', { class: 'said__codes' }, ...rows.map(item));
  }

  const names = (rows) => [...new Set(rows.map((row) => row.dataset.code))].join(', ');
  const past = (row) => 'past' in row.dataset;
  const refused = (row) => 'refused' in row.dataset;

  function answer(section) {
    const shown = section.rows.filter((row) => !row.hidden);
    const holds = shown.filter((row) => !past(row) && !refused(row));
    const no = shown.filter((row) => !past(row) && refused(row));
    const family = section.family.filter((row) => !row.hidden).map((row) => `${row.cells[0].textContent} (${row.cells[1].textContent})`);
    said.classList.toggle('said--named', holds.length > 0);
    said.classList.toggle('said--refused', !holds.length && no.length > 0);
    if (holds.length) said.append(named(holds), paragraph('The program’s source names this. Its dates and the place in it stand in the table below.'));
    if (no.length) said.append(paragraph(`Not covered: ${names(no)}.`));
    if (!holds.length && !no.length) said.append(paragraph('No source that we read names a code for this.', 'said__codes'), paragraph('That is not a refusal: nobody here knows. Ask the payer.'));
    if (!holds.length && family.length) said.append(paragraph(`Codes that CMS describes so: ${family.join(', ')}. That is CMS’s wording, not this program’s rule.`));
    if (!holds.length && shown.some(past)) said.append(paragraph(`Named earlier, no longer in force: ${names(shown.filter(past))}.`));
    if (unit.value && holds.some((row) => !row.dataset.unit)) said.append(paragraph('The source does not state the unit of every code named.'));
  }

  function about() {
    const row = [...document.querySelectorAll('[data-program]')].find((one) => one.dataset.program === policy.value);
    const counted = row.querySelector('.unit');
    if (counted) said.append(paragraph(`This program counts supported employment by: ${counted.textContent} (${row.querySelector('.unit-source').textContent}).`));
    const elsewhere = sections.filter((one) => one.id !== kind.value && one.rows.some((line) => line.dataset.policy === policy.value && !past(line) && !refused(line)));
    if (elsewhere.length) said.append(paragraph(`Its source names codes for other services: ${elsewhere.map((one) => one.heading.firstChild.textContent.trim()).join('; ')}.`));
  }

  function narrow() {
    sections.forEach(showSection);
    said.replaceChildren();
    said.className = 'said';
    if (kind.value && policy.value) answer(sections.find((one) => one.id === kind.value));
    else if (kind.value) said.append(paragraph(`${chosenText(kind)}: choose the program to get its code.`));
    if (policy.value) about();
  }

  const KEPT = { given: kind, program: policy, unit };

  const address = choices(Object.keys(KEPT));

  function remember() {
    address.keep(Object.fromEntries(Object.entries(KEPT).map(([name, field]) => [name, field.value])));
  }

  function recall() {
    for (const [name, field] of Object.entries(KEPT)) selectOption(field, address.given().get(name));
    narrow();
  }

  for (const part of document.querySelectorAll('.needs-script')) part.hidden = false;
  byId('ask').addEventListener('change', () => { narrow(); remember(); });
  byId('ask').addEventListener('submit', (event) => event.preventDefault());
  byId('ask').addEventListener('reset', () => setTimeout(() => { narrow(); remember(); }));
  address.onChange(recall);
  recall();
})();
