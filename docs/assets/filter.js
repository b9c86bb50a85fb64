// Narrows the lists of a page by what the form above them says. Choices from lists stand in the address, so that a link
// can be copied; what is typed does not.
(() => {
  'use strict';

  const { plain, words, selectOption, choices: inAddress } = window.h2024kb.shared;
  const PARTS = '.md-content tbody, .md-content table, .md-content details.silent, .md-content .program';

  const choices = (item, name) => (item.dataset[name] ?? '').split('|').filter(Boolean);

  const fill = (select, items) => {
    if (select.options.length > 1) return;
    const found = [...new Set(items.flatMap((item) => choices(item, select.name)))];
    found.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
    for (const value of found) select.add(new Option(value, value));
  };

  const texts = new WeakMap();

  function textOf(item) {
    if (!texts.has(item)) texts.set(item, plain(`${item.textContent} ${item.dataset.words ?? ''}`));
    return texts.get(item);
  }

  const fits = (item, selects, wanted) =>
    selects.every((select) => !select.value || choices(item, select.name).includes(select.value)) &&
    (!wanted.length || wanted.every((word) => textOf(item).includes(word)));

  const section = (heading) => {
    const parts = [];
    for (let next = heading.nextElementSibling; next && next.tagName !== 'H2'; next = next.nextElementSibling) {
      parts.push(next);
    }
    return parts;
  };

  const within = (parts, selector) =>
    parts.flatMap((part) => [...(part.matches(selector) ? [part] : []), ...part.querySelectorAll(selector)]);

  const hideEmpty = (selector, narrowed) => {
    const holds = (part) => part.querySelector(`:is(${selector}):not([hidden])`) !== null;
    for (const part of document.querySelectorAll(PARTS)) {
      if (part.querySelector(selector)) part.hidden = !holds(part);
    }
    for (const details of document.querySelectorAll('details.silent')) details.open = narrowed && !details.hidden;
    for (const heading of document.querySelectorAll('.md-content h2')) {
      const parts = section(heading);
      const items = within(parts, selector);
      const empty = items.length > 0 && items.every((item) => item.hidden);
      for (const part of [heading, ...parts]) part.classList.toggle('filtered-out', empty);
    }
  };

  const say = (form, shown, of) => {
    const word = of === 1 ? form.dataset.one : form.dataset.many;
    const none = form.dataset.none ?? `None of ${of} ${word} fits. Show all, or choose less.`;
    form.querySelector('[role="status"]').textContent =
      shown === of ? `${of} ${word}` : shown ? `${shown} of ${of} ${word}` : none;
  };

  const start = (form) => {
    const selector = form.dataset.filter;
    const items = [...document.querySelectorAll(selector)];
    const selects = [...form.querySelectorAll('select')];
    const search = form.querySelector('input[type="search"]');
    const address = inAddress(selects.map((select) => select.name));
    const apply = () => {
      const wanted = words(search?.value ?? '');
      for (const item of items) item.hidden = !fits(item, selects, wanted);
      const shown = items.filter((item) => !item.hidden).length;
      hideEmpty(selector, shown < items.length);
      say(form, shown, items.length);
    };
    const remember = () => {
      const kept = address.keep(Object.fromEntries(selects.map((select) => [select.name, select.value])));
      for (const link of document.querySelectorAll('a[data-keeps]')) link.hash = kept;
    };
    const recall = () => {
      for (const select of selects) selectOption(select, address.given().get(select.name));
      apply();
      remember();
    };
    for (const select of selects) fill(select, items);
    form.addEventListener('input', () => { apply(); remember(); });
    form.addEventListener('reset', () => setTimeout(() => { apply(); remember(); }));
    form.addEventListener('submit', (event) => event.preventDefault());
    address.onChange(recall);
    form.hidden = false;
    recall();
  };

  document.querySelectorAll('form[data-filter]').forEach(start);
})();
