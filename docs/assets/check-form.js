// The form of the page that checks a line: reads what is given, and says at the field what cannot be read.
(() => {
  'use strict';

  const { byId, withLongDates, make } = window.h2024kb.shared;
  const { check } = window.h2024kb;
  const { prepared } = check;

  const form = byId('check-form');

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
  const isCode = (text) => PATTERNS.code[0].test(text);

  function matching(field, text, pattern) {
    const [fits, message] = PATTERNS[pattern];
    if (!fits.test(text)) throw new Unreadable(field, message);
    return text;
  }

  // ---- One field each.

  // Null stands for what is not given, which is not the same as none.
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

  // A day that is half typed has an empty value, so the browser has to be asked.
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
    if (!given.length) throw new Unreadable(name, `Write them, or choose “None” or “Not given”. ${PATTERNS[pattern][1]}`);
    return given.map((text) => matching(name, text, pattern));
  }

  // ---- Other lines of the member: rows of small inputs, each empty where it is not given.

  const OTHER_FIELDS = [
    ['code', 'Code', 'text', 'code'],
    ['date_of_service', 'First day', 'date', 'day'],
    ['last_date_of_service', 'Last day', 'date', 'day'],
    ['units', 'Units', 'text', 'amount'],
    ['minutes', 'Minutes', 'text', 'amount'],
    ['charge', 'Charge', 'text', 'amount'],
  ];
  const others = byId('check-others');
  const add = byId('check-add');

  function addOther() {
    const number = others.children.length + 1;
    const fields = OTHER_FIELDS.map(([name, label, type]) =>
      make('label', {}, label, make('input', { type, 'data-name': name, autocomplete: 'off', 'aria-label': `${label} of other line ${number}` })),
    );
    const remove = make('button', { type: 'button', class: 'small-button', 'aria-label': `Remove other line ${number}` }, 'Remove');
    const row = make('div', { class: 'check-other' }, ...fields, remove);
    remove.addEventListener('click', () => {
      row.remove();
      add.focus();
      // Taking a row away changes what is given as typing in it does.
      others.dispatchEvent(new Event('change', { bubbles: true }));
    });
    row.querySelector('input').value = valueOf('code');
    others.append(row);
    return row;
  }

  function readOther(row) {
    const given = [...row.querySelectorAll('input')].map((input, at) => {
      const [name, , , pattern] = OTHER_FIELDS[at];
      const text = name === 'code' ? input.value.trim().toUpperCase() : input.value.trim();
      if (text || input.validity.badInput) matching('other_lines', text, pattern);
      return [name, text || null];
    });
    return prepared(Object.fromEntries(given));
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

  // ---- The whole form.

  // What is given, and what cannot be read.
  function read() {
    const problems = [];
    const attempt = (reader) => {
      try {
        return reader();
      } catch (problem) {
        if (!(problem instanceof Unreadable)) throw problem;
        problems.push(problem);
        return null;
      }
    };
    const given = Object.fromEntries(Object.entries(READERS).map(([name, reader]) => [name, attempt(reader)]));
    const beside = attempt(readOthers);
    if (!valueOf('policy')) problems.unshift(new Unreadable('policy', 'Choose a policy.'));
    return { given, beside, problems };
  }

  const fieldOf = (name) => form.querySelector(`[data-field="${name}"]`);
  const labelOf = (name) => fieldOf(name).querySelector('legend, label').textContent;

  function showProblems(problems) {
    for (const error of form.querySelectorAll('.check-error')) error.hidden = true;
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
    for (const { field, message } of problems) {
      const error = byId(`check-${field}-error`);
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
    field.querySelector('input:checked, input:not([type=radio]), select').focus();
    field.scrollIntoView({ block: 'center' });
  }

  function shownValue(value) {
    if (Array.isArray(value)) return value.join(' ') || 'none';
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return value === 'given' ? 'yes' : value === '' ? 'none' : withLongDates(String(value));
  }

  // What is given as labels and values, to stand beside the result; the last row names what is not given.
  function rowsOf(given, beside) {
    const lines = beside?.length ? `${beside.length} given` : beside;
    const all = Object.entries({ ...given, other_lines: lines });
    const rows = all.filter(([, value]) => value !== null).map(([name, value]) => [labelOf(name), shownValue(value)]);
    const left = all.filter(([, value]) => value === null).map(([name]) => labelOf(name));
    return [...rows, ['Not given', left.join(', ') || 'nothing']];
  }

  function clear() {
    others.replaceChildren();
    showProblems([]);
    showOthers();
  }

  form.addEventListener('change', ({ target }) => {
    if (target.name === 'other_lines') showOthers();
  });
  form.addEventListener('input', ({ target }) => {
    // Who types a list means the list, whatever was chosen before.
    if (target.classList.contains('check-list') && target.value) {
      form.elements[target.name.replace('_list', '')].value = 'these';
    }
  });
  add.addEventListener('click', () => addOther().querySelector('input').focus());

  check.form = { form, valueOf, isCode, read, rowsOf, showProblems, focusField, clear };
})();
