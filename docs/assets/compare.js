// Filters, order and the side-by-side view of the table of policies. Choices stand in the address; typed text does not.
(() => {
  'use strict';

  const MOST = 4;
  const HERE = document.currentScript.src;
  const COVERAGE = ['covered', 'conditional', 'not-covered'];
  const KNOWN = new Set(['stated', ...COVERAGE, ...COVERAGE.map((value) => `service-${value}`)]);
  const RANKS = [
    'covered', 'conditional', 'service-covered', 'service-conditional', 'stated', 'other-code', 'not-covered',
    'service-not-covered', 'sibling', 'depends-on-line', 'ended', 'before-first-rule', 'not-found', 'not-fully-read',
    'no-document', 'not-looked',
  ];
  const NOT_LOOKED = { kind: 'not-looked', short: 'Not looked for', lines: ['Nobody has looked for this yet.'], dates: '' };

  const { byId, plain, words, withLongDates, make, copy, saveCsv, loadData, selectOption, choices } = window.h2024kb.shared;
  const grid = byId('grid');
  const core = [...grid.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const groups = [...grid.tBodies];
  const flat = make('tbody');
  const rows = groups.flatMap((group) => [...group.rows].filter((row) => row.dataset.policy).map((row) => readRow(row, group)));
  const byPolicy = new Map(rows.map((row) => [row.id, row]));
  let chosen = [];

  function readRow(row, group) {
    const link = row.querySelector('a');
    const { policy: id, business, also = '' } = row.dataset;
    const where = group.dataset.where;
    const text = plain(`${row.cells[0].textContent} ${also} ${group.rows[0].textContent} ${id}`);
    return { row, group, id, business, where, text, title: link.textContent, href: link.getAttribute('href') };
  }

  // ---- What each code's cells are.

  function load(code) {
    const name = `compare-${code.toLowerCase()}`;
    return loadData(new URL(`data/${name}.js`, HERE).href, name, unpack);
  }

  function unpack({ fields, texts, cells, policies, facts }) {
    const text = (number) => (Array.isArray(number) ? number.map((one) => texts[one]) : texts[number] ?? '');
    const read = cells.map((packed) => Object.fromEntries(fields.map((name, at) => [name, at < packed.length ? text(packed[at]) : ''])));
    const cellsOf = ([first, more]) => ({
      core: first.map((number) => read[number]),
      more: new Map(Object.entries(more).map(([name, number]) => [name, read[number]])),
    });
    return { facts, of: new Map(Object.entries(policies).map(([id, numbers]) => [id, cellsOf(numbers)])) };
  }

  // ---- The table.

  async function showCode() {
    const code = byId('f-code').value;
    const data = await load(code);
    if (byId('f-code').value !== code) return;
    for (const { row, id } of rows) {
      data.of.get(id).core.forEach((cell, at) => paint(row.cells[at + 1], cell));
    }
    [...grid.tFoot.rows[0].cells].slice(1).forEach((cell, at) => {
      cell.textContent = rows.filter((row) => isKnown(row, at)).length;
    });
    grid.dataset.code = code;
  }

  function paint(td, cell) {
    td.className = cell.kind;
    td.textContent = cell.short;
    if (cell.stated_for) td.append(' ', make('small', {}, 'service'));
  }

  const cellOf = (row, at) => row.row.cells[at + 1];
  const isKnown = (row, at) => KNOWN.has(cellOf(row, at).className);

  function fits(row, asked) {
    return (!asked.where || row.where === asked.where)
      && (!asked.business || row.business === asked.business)
      && (!asked.fact || isKnown(row, parseInt(asked.fact, 10)) === asked.fact.endsWith('+'))
      && asked.words.every((word) => row.text.includes(word));
  }

  function filter() {
    const asked = {
      where: byId('f-where').value,
      business: byId('f-business').value,
      fact: byId('f-fact').value,
      words: words(byId('f-payer').value),
    };
    for (const row of rows) row.row.hidden = !fits(row, asked);
    for (const group of groups) group.hidden = ![...group.rows].some((row) => row.dataset.policy && !row.hidden);
    say();
  }

  function say() {
    const shown = rows.filter((row) => !row.row.hidden).length;
    byId('found').textContent = shown
      ? `${shown} of ${rows.length} policies are shown.`
      : 'No policy in the knowledge base fits these filters. That says nothing about payers that are not in it.';
  }

  function order() {
    const by = byId('f-sort').value;
    if (!by) {
      flat.remove();
      for (const row of rows) row.group.append(row.row);
    } else {
      flat.append(...[...rows].sort(sorter(by)).map((row) => row.row));
      grid.tFoot.before(flat);
    }
    filter();
  }

  function sorter(by) {
    const title = (one, other) => one.title.localeCompare(other.title) || one.id.localeCompare(other.id);
    const known = (row) => core.filter((_, at) => isKnown(row, at)).length;
    if (by === 'payer') return title;
    if (by === 'known') return (one, other) => known(other) - known(one) || title(one, other);
    const rank = (row) => RANKS.indexOf(cellOf(row, by * 1).className);
    const text = (row) => cellOf(row, by * 1).textContent;
    return (one, other) => rank(one) - rank(other) || text(one).localeCompare(text(other)) || title(one, other);
  }

  // ---- Choosing policies.

  function addTicks() {
    for (const row of rows) {
      const name = `${row.title} (${row.where})`;
      row.tick = make('input', { type: 'checkbox', 'aria-label': `Compare ${name}` });
      row.tick.addEventListener('change', () => choose(row.id, row.tick.checked));
      row.row.cells[0].prepend(row.tick);
      byId('f-policies').append(make('option', { value: name, 'data-policy': row.id }));
    }
  }

  function choose(id, yes) {
    chosen = chosen.filter((one) => one !== id);
    if (yes && chosen.length < MOST && byPolicy.has(id)) chosen.push(id);
    showChoice();
    remember();
  }

  function addTyped() {
    const field = byId('f-add');
    const option = [...byId('f-policies').options].find((one) => one.value === field.value);
    if (!option) return;
    field.value = '';
    choose(option.dataset.policy, true);
  }

  function showChoice() {
    const full = chosen.length >= MOST;
    for (const row of rows) {
      row.tick.checked = chosen.includes(row.id);
      row.tick.disabled = full && !row.tick.checked;
      row.row.classList.toggle('chosen', row.tick.checked);
    }
    byId('f-add').disabled = full;
    showTray();
    const names = chosen.map((id) => byPolicy.get(id).title).join(' · ');
    byId('tray-said').textContent = `${chosen.length} chosen${full ? ', the most that fit' : ''}: ${names}${chosen.length < 2 ? '. Choose one more.' : ''}`;
    byId('tray-show').hidden = chosen.length < 2;
    showSides();
  }

  // The bar would cover what it leads to; it stays while the focus is in it, which would be lost.
  let sideSeen = false;
  function showTray() {
    const tray = byId('tray');
    tray.hidden = !chosen.length || (sideSeen && !tray.contains(document.activeElement));
  }
  new IntersectionObserver((seen) => {
    sideSeen = seen.at(-1).isIntersecting;
    showTray();
  }).observe(byId('side'));

  // ---- Side by side.

  async function showSides() {
    const side = byId('side');
    if (chosen.length < 2) {
      side.hidden = true;
      return;
    }
    const [code, ids] = [byId('f-code').value, chosen];
    const data = await load(code);
    if (ids !== chosen || code !== byId('f-code').value) return;
    byId('side-title').textContent = `Side by side: ${code}`;
    byId('side-table').replaceChildren(sideTable(facts(data)));
    onlyDifferences();
    side.hidden = false;
  }

  function facts({ facts: names, of }) {
    const cells = chosen.map((id) => of.get(id));
    const more = [...new Set(cells.flatMap((one) => [...one.more.keys()]))];
    const place = (name) => (name.startsWith('Modifier ') ? -1 : names.indexOf(name));
    more.sort((one, other) => place(one) - place(other) || one.localeCompare(other));
    return [
      ...core.map((name, at) => ({ name, cells: cells.map((one) => one.core[at]) })),
      ...more.map((name) => ({ name, cells: cells.map((one) => one.more.get(name) ?? NOT_LOOKED) })),
    ].map((fact) => ({ ...fact, mark: mark(fact.cells) }));
  }

  // Keys are empty where only a reader can tell, so equal words without keys are still to be read.
  function mark(cells) {
    const known = cells.filter((cell) => KNOWN.has(cell.kind));
    const keys = new Set(known.map((cell) => cell.key).filter(Boolean));
    if (known.length < 2) return 'none';
    if (keys.size > 1) return 'differs';
    const said = new Set(known.map((cell) => cell.lines.join('\n')));
    return said.size === 1 && known.every((cell) => cell.key) ? 'same' : 'read';
  }

  const MARKS = { none: '? Not comparable', differs: '≠ Differs', same: '= Same', read: '≈ Read both' };

  function sideTable(found) {
    const table = make('table', { class: 'wide' });
    table.createTHead().append(make('tr', {}, make('th', { scope: 'col' }, 'Fact'), ...chosen.map(policyHeading)));
    table.createTBody().append(...found.map(factRow));
    return table;
  }

  function policyHeading(id) {
    const { title, href, where } = byPolicy.get(id);
    const name = `Remove ${title} (${where}) from the comparison`;
    const remove = make('button', { type: 'button', 'aria-label': name }, 'Remove');
    remove.addEventListener('click', () => {
      choose(id, false);
      (chosen.length < 2 ? byId('f-add') : byId('side')).focus();
    });
    return make('th', { scope: 'col' }, make('a', { href }, title), ` (${where}) `, remove);
  }

  function factRow(fact) {
    const name = make('th', { scope: 'row' }, fact.name, make('span', { class: 'mark' }, MARKS[fact.mark]));
    return make('tr', { class: fact.mark }, name, ...fact.cells.map((cell, at) => sideCell(cell, chosen[at])));
  }

  function sideCell(cell, id) {
    const { title, where } = byPolicy.get(id);
    // A short answer in one line says it all; a longer one is named first and then given in full.
    const alone = cell.lines.length === 1 && cell.lines[0] === cell.short && cell.short.length < 50;
    const word = make('span', { class: 'answer-word' }, cell.kind === 'stated' && !alone ? 'Stated' : cell.short);
    const td = make('td', { class: cell.kind, 'data-label': `${title} (${where})` }, word);
    if (!alone && cell.lines.length) td.append(listed(cell.lines));
    for (const text of [withLongDates(cell.label ?? ''), cell.stated_for, cell.note]) if (text) td.append(small(sentence(text)));
    if (cell.said_by) td.append(small(`Said by ${cell.said_by}.`));
    const dates = withLongDates(cell.dates);
    if (dates) td.append(small(dates));
    if (cell.source) td.append(cite(cell));
    return td;
  }

  const small = (...children) => make('div', { class: 'cite' }, ...children);

  function listed(lines) {
    if (lines.length === 1) return make('div', {}, lines[0]);
    return make('ul', {}, ...lines.map((line) => make('li', {}, line)));
  }

  const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

  function cite(cell) {
    const source = cell.url ? make('a', { href: cell.url, rel: 'noreferrer' }, cell.source) : make('span', {}, cell.source);
    return small(source, `: ${cell.locator}`);
  }

  function onlyDifferences() {
    const only = byId('only').checked;
    const found = [...byId('side-table').querySelectorAll('tbody tr')];
    for (const row of found) row.hidden = only && !['differs', 'read'].includes(row.className);
    const count = (name) => found.filter((row) => row.className === name).length;
    byId('side-said').textContent = `${count('differs')} differ, ${count('read')} to be read, ${count('same')} the same, ${count('none')} not comparable.`;
  }

  // ---- Saving and linking.

  function saveRows() {
    const code = byId('f-code').value;
    const shown = [...grid.querySelectorAll('tr[data-policy]')].filter((row) => !row.hidden).map((row) => byPolicy.get(row.dataset.policy));
    const lines = shown.map((one) => [one.id, one.title, one.where, one.business, code, ...core.map((_, at) => cellOf(one, at).textContent)]);
    saveCsv(`h2024kb-${code.toLowerCase()}`, [['policy', 'title', 'jurisdiction', 'line_of_business', 'code', ...core], ...lines]);
  }

  async function saveSides() {
    const code = byId('f-code').value;
    const only = byId('only').checked;
    const shown = facts(await load(code)).filter((fact) => !only || ['differs', 'read'].includes(fact.mark));
    const line = (fact, cell, id) => [code, fact.name, MARKS[fact.mark].slice(2), id, cell.short, cell.lines.join(' | '), cell.dates || '', cell.stated_for || '', cell.source || '', cell.locator || '', cell.url || ''];
    const head = ['code', 'fact', 'mark', 'policy', 'answer', 'in_full', 'dates', 'stated_for', 'source', 'locator', 'url'];
    saveCsv('h2024kb-side-by-side', [head, ...shown.flatMap((fact) => fact.cells.map((cell, at) => line(fact, cell, chosen[at])))]);
  }

  async function copyLink() {
    const done = await copy(location.href);
    byId('side-said').textContent = done ? 'The link is copied.' : 'This browser did not let us copy; the address bar has the link.';
  }

  const KEPT = { code: 'f-code', state: 'f-where', business: 'f-business', fact: 'f-fact', sort: 'f-sort' };

  const address = choices([...Object.keys(KEPT), 'only', 'compare']);

  function remember() {
    const fields = Object.entries(KEPT).map(([name, id]) => [name, byId(id)]);
    const chosenIn = fields.map(([name, field]) => [name, field.selectedOptions[0].defaultSelected ? '' : field.value]);
    address.keep({ ...Object.fromEntries(chosenIn), only: byId('only').checked ? '1' : '', compare: chosen.join(',') });
  }

  async function recall() {
    const given = address.given();
    for (const [name, id] of Object.entries(KEPT)) selectOption(byId(id), given.get(name));
    byId('only').checked = given.get('only') === '1';
    const ids = (given.get('compare') ?? '').split(',').filter((id) => byPolicy.has(id));
    chosen = [...new Set(ids)].slice(0, MOST);
    if (byId('f-code').value !== (grid.dataset.code ?? 'H2024')) await showCode();
    order();
    showChoice();
  }

  async function changed(event) {
    if (event.target.id === 'f-code') {
      await showCode();
      showSides();
    }
    if (event.target.id === 'f-sort' || event.target.id === 'f-code') order();
    else if (event.target.id !== 'f-add') filter();
    remember();
  }

  function listen() {
    byId('filters').addEventListener('change', changed);
    byId('filters').addEventListener('submit', (event) => event.preventDefault());
    byId('filters').addEventListener('reset', () => setTimeout(async () => {
      await showCode();
      order();
      showSides();
      remember();
    }));
    byId('f-payer').addEventListener('input', filter);
    byId('f-add').addEventListener('input', addTyped);
    byId('only').addEventListener('change', () => { onlyDifferences(); remember(); });
    byId('csv').addEventListener('click', saveRows);
    byId('side-csv').addEventListener('click', saveSides);
    byId('side-link').addEventListener('click', copyLink);
    for (const id of ['side-clear', 'tray-clear']) {
      byId(id).addEventListener('click', () => { chosen = []; showChoice(); remember(); byId('f-add').focus(); });
    }
    byId('tray').addEventListener('focusout', () => setTimeout(showTray));
    byId('tray-show').addEventListener('click', async () => {
      await showSides();
      byId('side').scrollIntoView();
      byId('side').focus({ preventScroll: true });
    });
    address.onChange(recall);
  }

  addTicks();
  for (const part of document.querySelectorAll('.needs-script')) part.hidden = false;
  listen();
  recall();
})();
