// The finder on the home page: reads the fields, shows the rows, and keeps the choices in the address's fragment.
(() => {
  'use strict';

  const { finder, combobox, data } = window.h2024kb;
  const { byId, today, longDate, withLongDates, count, make, copy } = window.h2024kb.shared;
  const index = finder.prepare(data.finder);
  const { policies, payers, jurisdictions, lines, codes } = data.finder;
  const STEP = 40;

  const form = byId('finder');
  const field = Object.fromEntries(
    ['payer', 'state', 'line', 'code', 'date'].map((name) => [name, byId(`finder-${name}`)]),
  );
  const lineWords = new Map(lines);
  const STANDARD = codes[0][0];
  let most = STEP;
  let openedOn = today();

  // Fields

  const stateRows = jurisdictions.map(([code, name]) => ({
    code, value: name, hint: code, words: [code.toLowerCase(), ...finder.wordsOf(name)],
  }));
  const codeRows = codes.map(([code, label], place) => ({
    place, value: code, hint: label, words: [code.toLowerCase(), ...finder.wordsOf(label)],
  }));

  /** The one row a text names, the rows it may name, or no row and nothing typed. */
  function resolve(rows, text) {
    const typed = finder.squeezed(text);
    if (!typed) return { row: null, may: [] };
    const exact = rows.find((row) => finder.squeezed(row.value) === typed || row.words[0] === typed);
    const may = exact ? [exact] : finder.namesLike(rows, text);
    return { row: may.length === 1 ? may[0] : null, may };
  }

  function asked() {
    const now = today();
    return {
      text: field.payer.value,
      state: resolve(stateRows, field.state.value),
      codeFound: resolve(codeRows, field.code.value || STANDARD),
      line: field.line.value,
      day: field.date.value || now,
      today: now,
    };
  }

  /** The payers to offer for what is typed: those of the policies that it finds. */
  function payerOptions(text) {
    const found = finder.search(index, { text, code: 0 });
    const offered = [...new Set(found.rows.map((at) => policies[at].payer))].slice(0, 60);
    return offered.map((payer) => ({ value: payers[payer][0], hint: payers[payer].slice(1, 4).join(', ') }));
  }

  // Rows

  const cell = (label, ...children) => make('td', { 'data-label': label }, ...children);
  const small = (text) => (text ? make('small', { class: 'finder__more' }, text) : '');
  const titleOf = (policy) => payers[policy.payer][0] + (policy.program ? `: ${policy.program}` : '');
  const placeOf = (policy) => index.jurisdictions.get(policy.jurisdiction);

  /** A text whose dates are not broken over lines. */
  const dated = (text) =>
    text.split(/(\d{4}-\d\d-\d\d)/).map((part, place) => (place % 2 ? make('time', { datetime: part }, longDate(part)) : part));

  function inForce(answer) {
    if (answer.known) return answer.since;
    if (answer.first) return `first rule known: ${answer.first}`;
    return answer.last ? `last rule known: ${answer.last}` : '–';
  }

  function row(at, code, given) {
    const policy = policies[at];
    const answer = finder.answer(index, at, code, given.day);
    const link = make('a', { href: finder.address(policy, code, given.day, given.today) }, titleOf(policy));
    const label = finder.evidenceLabel(answer);
    const status = make('span', { class: `status status--${answer.kind}` }, withLongDates(answer.status) + (label && ` (${label})`));
    const made = make('tr', {}, cell(null, link), cell('Where', placeOf(policy)));
    made.append(cell('Line of business', lineWords.get(policy.line)));
    made.append(cell(null, status, small(answer.statedFor), small(answer.says)));
    made.append(cell('Dates', ...dated(inForce(answer))));
    made.append(cell('Not known', `${answer.unknown} of ${data.finder.core}`));
    return made;
  }

  function headingRow(text) {
    return make('tr', { class: 'finder__group' }, make('th', { colspan: 6, scope: 'colgroup' }, text));
  }

  function showRows(found, given) {
    const shown = found.rows.slice(0, most).map((at) => row(at, found.code, given));
    const place = index.jurisdictions.get(found.jurisdiction);
    if (found.own < shown.length && found.jurisdiction) {
      const says = `Nationwide policies, where the payer has none of its own for ${place}`;
      shown.splice(found.own, 0, headingRow(says));
    }
    byId('finder-rows').replaceChildren(...shown);
    byId('finder-table').hidden = shown.length === 0;
    byId('finder-asked').textContent = `${codes[found.code][0]} on ${longDate(given.day)}`;
    byId('finder-all').hidden = found.rows.length <= most;
    byId('finder-all').textContent = `Show ${Math.min(STEP, found.rows.length - most)} more of ${found.rows.length}`;
  }

  // Words about the rows

  function countWords(found, given) {
    const beside = found.rows.length - found.own;
    const here = found.jurisdiction && beside ? ` (${beside} nationwide)` : '';
    const number = found.rows.length ? count(found.rows.length, 'policy', 'policies') + here : 'No policy';
    return `${number} · ${codes[found.code][0]} on ${longDate(given.day)}${given.day === given.today ? ' (today)' : ''}`;
  }

  /** How the free words were read, where that is more than a payer's name. */
  function readWords({ words, jurisdiction }) {
    const read = words.guessed.map(([typed, meant]) => `${meant} for “${typed}”`);
    if (words.jurisdiction && words.jurisdiction === jurisdiction) read.push(`${index.jurisdictions.get(jurisdiction)}`);
    if (words.code !== null) read.push(`${codes[words.code][0]}`);
    return read.length ? `Read as: ${read.join(' · ')}` : '';
  }

  function policyList(title, places) {
    if (!places.length) return '';
    const items = places.slice(0, 12).map((at) => {
      const policy = policies[at];
      const link = make('a', { href: `policies/${policy.id}.html` }, titleOf(policy));
      return make('li', {}, link, ` · ${placeOf(policy)} · ${lineWords.get(policy.line)}`);
    });
    if (places.length > 12) items.push(make('li', {}, `and ${places.length - 12} more`));
    return make('div', {}, make('p', {}, make('strong', {}, title)), make('ul', {}, ...items));
  }

  function choices(title, name, may) {
    const buttons = may.slice(0, 12).map((option) => {
      const made = make('button', { type: 'button', class: 'small-button' }, option.value);
      made.addEventListener('click', () => {
        field[name].value = option.value;
        settle();
        field[name].focus();
      });
      return made;
    });
    return make('div', { class: 'finder__choices' }, make('p', {}, title), ...buttons);
  }

  function unclear(given) {
    if (field.state.value.trim() && !given.state.row) {
      const text = given.state.may.length ? 'Which state?' : `No state is spelled “${field.state.value.trim()}”.`;
      return choices(text, 'state', given.state.may);
    }
    if (given.codeFound.row) return null;
    const none = `The code “${field.code.value.trim()}” is not in the knowledge base. These are:`;
    return choices(given.codeFound.may.length ? 'Which code?' : none, 'code', given.codeFound.may.length ? given.codeFound.may : codeRows);
  }

  function nothing(found) {
    const near = finder.known(index, found);
    const place = index.jurisdictions.get(found.jurisdiction);
    const unknown = found.words.unknown.map((word) => `“${word}”`).join(' and ');
    const why = unknown ? `Nothing here is named ${unknown}.` : 'No policy here fits all of this.';
    const code = codes[found.code];
    const owner = code[2] ? '' : make('p', {}, `${code[0]} is a code of a payer’s own.`);
    return make(
      'div', { class: 'finder__nothing' },
      make('p', {}, make('strong', {}, why), ' That says nothing about coverage: ask the payer.'), owner,
      policyList('In the knowledge base for this payer', near.payer),
      policyList(`In the knowledge base for ${place}`, near.place),
    );
  }

  // The page

  function searched(given) {
    const code = given.codeFound.row?.place ?? 0;
    return finder.search(index, { text: given.text, jurisdiction: given.state.row?.code, line: given.line, code });
  }

  function update() {
    const given = asked();
    const open = unclear(given);
    const found = searched(given);
    if (open) found.rows = [];
    showRows(found, given);
    const more = open ?? (found.rows.length ? null : nothing(found));
    byId('finder-more').replaceChildren(...(more ? [more] : []));
    byId('finder-count').textContent = open ? open.querySelector('p').textContent : countWords(found, given);
    byId('finder-read').textContent = readWords(found);
    return found;
  }

  /** What may stand in an address: choices, and of the words only those that name something here. */
  function fragment(found) {
    const { words } = found;
    const meant = new Map(words.guessed);
    const safe = finder.wordsOf(field.payer.value).filter((word) => !words.unknown.includes(word));
    const clean = words.unknown.length || meant.size ? safe.map((word) => meant.get(word) ?? word).join(' ') : field.payer.value;
    const given = asked();
    const parts = new URLSearchParams();
    const put = (name, value) => value && parts.set(name, value);
    put('payer', clean.trim());
    put('state', given.state.row?.code);
    put('line', given.line);
    put('code', given.codeFound.row && given.codeFound.row.value !== STANDARD ? given.codeFound.row.value : '');
    put('date', given.day === given.today ? '' : given.day);
    return parts.toString();
  }

  const fragmentNow = () => (location.hash.includes('=') ? location.hash.slice(1) : '');

  /** Puts the choices into the address, so that the back button undoes them. */
  function remember(found) {
    const next = fragment(found);
    if (next !== fragmentNow()) history.pushState(null, '', `#${next}`);
  }

  function settle() {
    most = STEP;
    remember(update());
  }

  function restore() {
    const given = new URLSearchParams(fragmentNow());
    field.payer.value = given.get('payer') ?? '';
    field.state.value = index.jurisdictions.get(given.get('state')) ?? '';
    field.line.value = lineWords.has(given.get('line')) ? given.get('line') : '';
    field.code.value = given.get('code') ?? STANDARD;
    field.date.value = given.get('date') ?? openedOn;
    most = STEP;
    update();
  }

  function clear() {
    for (const one of Object.values(field)) one.value = '';
    field.code.value = STANDARD;
    field.date.value = openedOn;
    settle();
    field.payer.focus();
  }

  /** A page left open over midnight moves on to the new day, unless another one was chosen. */
  function newDay() {
    if (today() === openedOn) return;
    const untouched = field.date.value === openedOn;
    openedOn = today();
    if (!untouched) return;
    field.date.value = openedOn;
    update();
  }

  async function copyLink() {
    settle();
    const done = await copy(location.href);
    byId('finder-copied').textContent = done ? 'Link copied.' : 'Copy the link from the address bar.';
  }

  function start() {
    combobox(field.payer, payerOptions, settle);
    combobox(field.state, (text) => finder.namesLike(stateRows, text), settle);
    combobox(field.code, (text) => finder.namesLike(codeRows, text), settle);
    form.addEventListener('input', () => { most = STEP; update(); });
    // No row may be made anew here: a change is reported while a row's link is being pressed.
    form.addEventListener('change', () => remember(searched(asked())));
    form.addEventListener('submit', (event) => event.preventDefault());
    byId('finder-clear').addEventListener('click', clear);
    byId('finder-copy').addEventListener('click', copyLink);
    byId('finder-all').addEventListener('click', () => { most += STEP; update(); });
    addEventListener('popstate', () => (location.hash && !fragmentNow() ? undefined : restore()));
    addEventListener('focus', newDay);
    for (const link of document.querySelectorAll('[data-focus]')) {
      link.addEventListener('click', (event) => { event.preventDefault(); byId(link.dataset.focus).focus(); });
    }
    byId('finder-static').hidden = true;
    form.hidden = byId('finder-answers').hidden = false;
    restore();
  }

  start();
})();
