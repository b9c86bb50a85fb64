// The page that checks a line: asks first for what the policy's rules look at, checks the line, and shows the result.
(() => {
  'use strict';

  const { byId, today, make, loadData } = window.h2024kb.shared;
  const { check } = window.h2024kb;
  const { Rules, prepared, checkAmong, fix, day, show, policy } = check;
  const { form, read, rowsOf, showProblems, focusField, clear } = check.form;
  const { select } = policy;

  const place = byId('check-result');
  const said = byId('check-said');
  let shown = false;

  function rulesOf(id) {
    const src = `${form.dataset.rules}/${id.replaceAll('/', '--')}.js`;
    return loadData(src, `check:${id}`, (data) => new Rules(data));
  }

  // ---- The result.

  async function run() {
    const { given, beside, problems } = read();
    showProblems(problems);
    if (problems.length) return problems;
    const id = select.value;
    const rules = await rulesOf(id);
    // Another policy may have been chosen while the rules of this one were loading.
    if (id !== select.value) return [];
    const line = prepared(given);
    const about = { policy: id, policyTitle: policy.title(), checkedOn: today() };
    const result = checkAmong(rules, line, beside);
    const fixes = fix(rules, line, beside);
    said.textContent = show(place, rules, result, fixes, { ...given, ...about }, rowsOf(given, beside));
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

  // ---- Which fields come first: those that a rule looks at, in the order of the form.

  const first = byId('check-first');
  const more = byId('check-more');
  const rest = more.querySelector('div');
  const fields = [...first.querySelectorAll(':scope > .check-field')];

  // Without a policy there is only that to choose.
  function showRest() {
    for (const part of form.querySelectorAll('.check-then')) part.hidden = !select.value;
    byId('check-start').hidden = Boolean(select.value);
  }

  async function arrange() {
    showRest();
    const looked = await lookedAt(read().given);
    const active = document.activeElement;
    for (const field of fields) {
      const to = looked === null || looked.includes(field.dataset.field) ? first : rest;
      if (field.parentElement !== to) to.append(field);
    }
    inOrder(first);
    inOrder(rest);
    more.hidden = !more.querySelector('.check-field');
    // A field that is moved loses the focus.
    if (active !== document.activeElement) active.focus();
  }

  // The fields that the rules for a code look at on its day; null where no rule is known yet.
  async function lookedAt({ code, date_of_service: date }) {
    const rules = select.value ? await rulesOf(select.value).catch(() => null) : null;
    if (rules === null || code === null || !Object.hasOwn(rules.data.codes, code)) return null;
    return rules.fields(code, day.of(date ?? today()));
  }

  // Moves nothing where the order is right already, so that the field in use stays as it is.
  function inOrder(box) {
    const ordered = [...box.children].sort((one, other) => fields.indexOf(one) - fields.indexOf(other));
    if (ordered.some((field, at) => field !== box.children[at])) box.append(...ordered);
  }

  // ---- What a person does.

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
    // The fields are empty only after this event.
    setTimeout(() => {
      clear();
      policy.filter();
      arrange();
      policy.toAddress();
      select.focus();
    });
  });
  form.addEventListener('change', ({ target }) => {
    if (target === select) showRest();
    again();
  });
  place.addEventListener('click', ({ target }) => {
    if (target.dataset.need) focusField(target.dataset.need);
  });
  policy.onAddress(() => { policy.fromAddress(); arrange(); });

  form.hidden = false;
  policy.fromAddress();
  arrange();
})();
