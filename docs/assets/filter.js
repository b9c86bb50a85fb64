// Narrows the lists of a page by what the form above them says. Choices from lists stand in the address, so that a link
// can be copied; what is typed does not.
(() => {
  'use strict';

  const PARTS = '.md-content tbody, .md-content table, .md-content details.silent, .md-content .programme';

  const choices = (item, name) => (item.dataset[name] ?? '').split('|').filter(Boolean);

  const fill = (select, items) => {
    if (select.options.length > 1) return;
    const found = [...new Set(items.flatMap((item) => choices(item, select.name)))];
    found.sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
    for (const value of found) select.add(new Option(value, value));
  };

  const fits = (item, selects, search) =>
    selects.every((select) => !select.value || choices(item, select.name).includes(select.value)) &&
    (!search?.value.trim() || item.textContent.toLowerCase().includes(search.value.trim().toLowerCase()));

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
    const holds = (part) => part.querySelector(`${selector}:not([hidden])`) !== null;
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
    form.querySelector('[role="status"]').textContent =
      shown === of ? `${of} ${word}` : shown ? `${shown} of ${of} ${word}` : `None of ${of} ${word} fits. Show all, or choose less.`;
  };

  const remember = (selects) => {
    const chosen = new URLSearchParams(selects.filter((select) => select.value).map((s) => [s.name, s.value]));
    for (const link of document.querySelectorAll('a[data-keeps]')) link.search = chosen.toString();
    try {
      history.replaceState(null, '', `${location.pathname}${chosen.size ? `?${chosen}` : ''}${location.hash}`);
    } catch {
      // A page opened from a folder may not change its address.
    }
  };

  const recall = (selects) => {
    const given = new URLSearchParams(location.search);
    for (const select of selects) {
      const value = given.get(select.name);
      if ([...select.options].some((option) => option.value === value)) select.value = value;
    }
  };

  const start = (form) => {
    const selector = form.dataset.filter;
    const items = [...document.querySelectorAll(selector)];
    const selects = [...form.querySelectorAll('select')];
    const search = form.querySelector('input[type="search"]');
    const apply = () => {
      for (const item of items) item.hidden = !fits(item, selects, search);
      const shown = items.filter((item) => !item.hidden).length;
      hideEmpty(selector, shown < items.length);
      say(form, shown, items.length);
    };
    for (const select of selects) fill(select, items);
    recall(selects);
    form.addEventListener('input', () => { apply(); remember(selects); });
    form.addEventListener('reset', () => setTimeout(() => { apply(); remember(selects); }));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.hidden = false;
    apply();
    remember(selects);
  };

  document.querySelectorAll('form[data-filter]').forEach(start);
})();
