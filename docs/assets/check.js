// The form of the page that checks a line: reads what is told, says at the field what cannot be read, and shows the result.
(() => {
  'use strict';
  const { check, data } = globalThis.h2024kb;
  const { Rules, prepared, checkAmong, fix, day, make, show } = check;

  const form = document.getElementById('check-form');
  const place = document.getElementById('check-result');
  const said = document.getElementById('check-said');
  const select = document.getElementById('check-policy');
  const options = [...select.querySelectorAll('optgroup')].map((group) => [group, [...group.children]]);
  const loaded = new Map();
  let shown = false;

  const PATTERNS = {
    code: [/^[A-Z0-9]{3,5}$/, 'Write a code such as H2024.'],
    modifier: [/^[A-Z0-9]{2}$/, 'Write modifiers of two characters with a space between, such as U4 HQ.'],
    diagnosis: [/^[A-Z][A-Z0-9]{1,6}$/, 'Write diagnoses such as F20.81 with a space between.'],
    place_of_service: [/^\d{2}$/, 'Write two digits, such as 18 or 02.'],
    amount: [/^\d{1,12}(\.\d{1,6})?$/, 'Write a number such as 1 or 2.5.'],
    age: [/^(\d|[1-9]\d|1[0-3]\d)$/, 'Write whole years, such as 34.'],
    group_size: [/^[1-9]\d{0,2}$/, 'Write a whole number, 1 or more.'],
    day: [/^(1[89]|2\d)\d\d-\d\d-\d\d$/, 'Write a day between 1800 and 2999.'],
  };

  class Unreadable extends Error {
    constructor(field, message) {
      super(message);
      this.field = field;
    }
  }

  const valueOf = (name) => form.elements[name].value.trim();

  function matching(field, text, pattern) {
    const [form_, message] = PATTERNS[pattern];
    if (!form_.test(text)) throw new Unreadable(field, message);
    return text;
  }

  const READERS = {
    code: () => (valueOf('code') ? matching('code', valueOf('code').toUpperCase(), 'code') : null),
    date_of_service: () => date('date_of_service'),
    last_date_of_service: () => date('last_date_of_service'),
    modifiers: () => list('modifiers', 'modifier', (text) => text),
    units: () => amount('units'),
    minutes: () => amount('minutes'),
    place_of_service: () => plainText('place_of_service'),
    prior_authorization_number: () => ({ yes: 'given', no: '' })[valueOf('prior_authorization_number')] ?? null,
    conditions_met: () => ({ yes: true, no: false })[valueOf('conditions_met')] ?? null,
    age: () => whole('age'),
    group_size: () => whole('group_size'),
    diagnoses: () => list('diagnoses', 'diagnosis', (text) => text.replaceAll('.', '')),
    charge: () => amount('charge'),
    submitted: () => date('submitted'),
    frequency: () => valueOf('frequency') || null,
  };

  function date(name) {
    if (form.elements[name].validity.badInput) throw new Unreadable(name, PATTERNS.day[1]);
    return valueOf(name) ? matching(name, valueOf(name), 'day') : null;
  }

  const amount = (name) => (valueOf(name) ? matching(name, valueOf(name), 'amount') : null);
  const plainText = (name) => (valueOf(name) ? matching(name, valueOf(name), name) : null);
  const whole = (name) => (valueOf(name) ? Number(matching(name, valueOf(name), name)) : null);

  function list(name, pattern, clean) {
    const state = valueOf(name);
    if (state === '') return null;
    if (state === 'none') return [];
    const given = clean(valueOf(`${name}_list`).toUpperCase()).split(/[\s,;]+/).filter(Boolean);
    if (!given.length) throw new Unreadable(name, `Write them, or choose “None” or “Not told”. ${PATTERNS[pattern][1]}`);
    return given.map((text) => matching(name, text, pattern));
  }

  // Other lines of the member: rows of small inputs, each empty where it is not told.
  const OTHER_FIELDS = [
    ['code', 'Code', 'text', 'code'],
    ['date_of_service', 'First day', 'date', 'day'],
    ['last_date_of_service', 'Last day', 'date', 'day'],
    ['units', 'Units', 'text', 'amount'],
    ['minutes', 'Minutes', 'text', 'amount'],
    ['charge', 'Charge', 'text', 'amount'],
  ];
  const others = document.getElementById('check-others');
  const add = document.getElementById('check-add');

  function addOther() {
    const number = others.children.length + 1;
    const fields = OTHER_FIELDS.map(([name, label, type]) =>
      make('label', {}, label, make('input', { type, 'data-name': name, autocomplete: 'off', 'aria-label': `${label} of other line ${number}` })),
    );
    const remove = make('button', { type: 'button', class: 'check-small', 'aria-label': `Remove other line ${number}` }, 'Remove');
    const row = make('div', { class: 'check-other' }, ...fields, remove);
    remove.addEventListener('click', () => {
      row.remove();
      add.focus();
      again();
    });
    row.querySelector('input').value = valueOf('code');
    others.append(row);
    return row;
  }

  function readOther(row) {
    const told = [...row.querySelectorAll('input')].map((input, at) => {
      const [name, , , pattern] = OTHER_FIELDS[at];
      const text = name === 'code' ? input.value.trim().toUpperCase() : input.value.trim();
      if (text || input.validity.badInput) matching('other_lines', text, pattern);
      return [name, text || null];
    });
    return prepared(Object.fromEntries(told));
  }

  function readOthers() {
    const state = valueOf('other_lines');
    if (state === '') return null;
    return state === 'none' ? [] : [...others.children].map(readOther);
  }

  function showOthers() {
    const these = valueOf('other_lines') === 'these';
    others.hidden = add.hidden = !these;
    if (these && !others.children.length) addOther();
  }

  // What is told, and what cannot be read, which is said at its field.
  function read() {
    const told = {};
    const problems = [];
    const attempt = (name, reader) => {
      try {
        return reader();
      } catch (problem) {
        if (!(problem instanceof Unreadable)) throw problem;
        problems.push(problem);
        return null;
      }
    };
    for (const [name, reader] of Object.entries(READERS)) told[name] = attempt(name, reader);
    const beside = attempt('other_lines', readOthers);
    if (!select.value) problems.unshift(new Unreadable('policy', 'Choose a policy.'));
    return { told, beside, problems };
  }

  const fieldOf = (name) => form.querySelector(`[data-field="${name}"]`);

  function showProblems(problems) {
    for (const error of form.querySelectorAll('.check-error')) error.hidden = true;
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
    for (const { field, message } of problems) {
      const error = document.getElementById(`check-${field}-error`);
      error.textContent = message;
      error.hidden = false;
      const inputs = fieldOf(field).querySelectorAll('input:not([type=radio]), select');
      for (const input of inputs) input.setAttribute('aria-invalid', 'true');
    }
  }

  function focusField(name) {
    const field = fieldOf(name);
    const more = field.closest('details');
    if (more) more.open = true;
    const target = field.querySelector('input:checked, input:not([type=radio]), select');
    target.focus();
    field.scrollIntoView({ block: 'center' });
  }

  // The rules of a policy, loaded as a script: a page opened from a folder can fetch nothing.
  function load(policy) {
    if (!loaded.has(policy)) {
      const script = make('script', { src: `${form.dataset.rules}/${policy.replaceAll('/', '--')}.js` });
      loaded.set(policy, new Promise((found, failed) => {
        script.addEventListener('load', () => found(new Rules(data[`check:${policy}`])));
        script.addEventListener('error', () => failed(new Error('The rules of this policy could not be loaded.')));
      }));
      loaded.get(policy).catch(() => loaded.delete(policy));
      document.head.append(script);
    }
    return loaded.get(policy);
  }

  function labelOf(name) {
    const field = fieldOf(name);
    return field.querySelector('legend, label').textContent;
  }

  function written(value) {
    if (value === null) return 'not told';
    if (Array.isArray(value)) return value.join(' ') || 'none';
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return value === 'given' ? 'yes' : value === '' ? 'none' : String(value);
  }

  function rowsOf(told, beside) {
    const rows = Object.entries(told).map(([name, value]) => [labelOf(name), written(value)]);
    const lines = beside === null ? 'not told' : beside.length ? `${beside.length} told` : 'none';
    return [...rows, [labelOf('other_lines'), lines]].filter(([, value]) => value !== 'not told').concat(
      [['Not told', notTold(rows, lines)]],
    );
  }

  function notTold(rows, lines) {
    const left = rows.filter(([, value]) => value === 'not told').map(([name]) => name);
    return [...left, ...(lines === 'not told' ? ['Other lines'] : [])].join(', ') || 'nothing';
  }

  async function run() {
    const { told, beside, problems } = read();
    showProblems(problems);
    if (problems.length) return problems;
    const policy = select.value;
    const rules = await load(policy);
    if (policy !== select.value) return [];
    const line = prepared(told);
    const about = { policy, policyTitle: select.selectedOptions[0].textContent, checkedOn: today() };
    const result = checkAmong(rules, line, beside);
    const mends = fix(rules, line, beside);
    said.textContent = show(place, rules, result, mends, { ...told, ...about }, rowsOf(told, beside));
    return [];
  }

  function failed({ message }) {
    place.replaceChildren(make('p', { class: 'check-error' }, message));
    said.textContent = message;
  }

  // Leaving one field by a click on another must not move that one before the click is done.
  const SETTLED = 250;
  let waiting = 0;

  function again() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      arrange();
      if (shown) run().catch(failed);
    }, SETTLED);
  }

  // Fields that a rule looks at come first, in the order of the form.
  const fields = [...document.querySelectorAll('#check-first > .check-field')];
  const more = document.getElementById('check-more');

  // Without a policy there is only that to choose.
  function showRest() {
    for (const part of form.querySelectorAll('.check-then')) part.hidden = !select.value;
    document.getElementById('check-start').hidden = Boolean(select.value);
  }

  async function arrange() {
    showRest();
    const { told } = read();
    const code = told.code;
    const rules = select.value ? await load(select.value).catch(() => null) : null;
    const held = rules !== null && code !== null && Object.hasOwn(rules.data.codes, code);
    const first = held ? rules.fields(code, day.of(told.date_of_service ?? today())) : null;
    const active = document.activeElement;
    for (const field of fields) {
      const wanted = first === null || first.includes(field.dataset.field);
      const to = wanted ? document.getElementById('check-first') : more.querySelector('div');
      if (field.parentElement !== to) to.append(field);
    }
    for (const box of [document.getElementById('check-first'), more.querySelector('div')]) {
      if ([...box.children].some((field, at, all) => at && fields.indexOf(field) < fields.indexOf(all[at - 1]))) {
        box.append(...[...box.children].sort((one, other) => fields.indexOf(one) - fields.indexOf(other)));
      }
    }
    more.hidden = !more.querySelector('.check-field');
    if (active !== document.activeElement) active.focus();
  }

  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  // Only options that match what is typed; the chosen one stays.
  function filter() {
    const typed = document.getElementById('check-filter').value.trim().toLowerCase().split(/\s+/);
    let found = 0;
    for (const [group, all] of options) {
      const fits = all.filter((option) => {
        const names = `${option.textContent} ${option.dataset.names} ${option.value}`.toLowerCase();
        return option.selected && option.value === select.value ? true : typed.every((word) => names.includes(word));
      });
      found += fits.length;
      group.replaceChildren(...fits);
      if (fits.length) select.append(group);
      else group.remove();
    }
    document.getElementById('check-filter-count').textContent = `${found} ${found === 1 ? 'policy fits' : 'policies fit'}.`;
  }

  // Enter takes the policy whose payer is called just so, else the first that fits, and goes on to the day.
  function takeFirst() {
    const fits = [...select.options].filter((option) => option.value);
    const typed = document.getElementById('check-filter').value.trim().toLowerCase();
    const called = fits.find((option) => option.textContent.trim().toLowerCase().split(/[:(]/)[0].trim() === typed);
    if (!typed || !fits.length) return;
    select.value = (called || fits[0]).value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    form.elements.date_of_service.focus();
  }

  // Only the policy and the code stand in the address: nothing else that is typed.
  function toAddress() {
    const code = valueOf('code').toUpperCase();
    const parts = [];
    if (select.value) parts.push(`policy=${select.value}`);
    if (PATTERNS.code[0].test(code)) parts.push(`code=${code}`);
    history.replaceState(null, '', `#${parts.join('&')}`);
  }

  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const policy = given.get('policy');
    if (policy && [...select.options].some((option) => option.value === policy)) select.value = policy;
    const code = given.get('code');
    if (code && PATTERNS.code[0].test(code)) form.elements.code.value = code;
    arrange();
    if (given.has('find')) document.getElementById('check-filter').focus();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run().then((problems) => {
      if (problems.length) return focusField(problems[0].field);
      shown = true;
      place.focus();
      place.scrollIntoView({ block: 'start' });
    }).catch(failed);
  });
  form.addEventListener('reset', () => {
    shown = false;
    place.replaceChildren();
    said.textContent = '';
    others.replaceChildren();
    setTimeout(() => {
      showProblems([]);
      filter();
      showOthers();
      arrange();
      toAddress();
      select.focus();
    });
  });
  form.addEventListener('change', (event) => {
    if (event.target === select || event.target.name === 'code') toAddress();
    if (event.target === select) showRest();
    if (event.target.name === 'other_lines') showOthers();
    again();
  });
  form.addEventListener('input', ({ target }) => {
    if (target.id === 'check-filter') filter();
    if (target.classList.contains('check-list') && target.value) {
      form.elements[target.name.replace('_list', '')].value = 'these';
    }
  });
  form.addEventListener('keydown', (event) => {
    if (event.target.id !== 'check-filter' || event.key !== 'Enter') return;
    event.preventDefault();
    takeFirst();
  });
  add.addEventListener('click', () => addOther().querySelector('input').focus());
  place.addEventListener('click', ({ target }) => {
    if (target.dataset.need) focusField(target.dataset.need);
    if ('print' in target.dataset) globalThis.print();
  });
  globalThis.addEventListener('hashchange', fromAddress);

  form.hidden = false;
  fromAddress();
})();
