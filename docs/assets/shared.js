// What the scripts of several pages do alike. Loading it changes nothing on a page.
//
// Every script here is a function that runs at once and meets the others on one global, `window.h2024kb`. They are no ES
// modules, because a browser loads no module into a page opened from a folder, and this site must work from one.
(() => {
  'use strict';

  const byId = (id) => document.getElementById(id);

  /** The reader's day, as data, addresses and date fields write it: 2026-11-29. */
  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  // Named here and not by the browser, whose language need not be the page's.
  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

  /** A day as people read it: Nov 29, 2026 for 2026-11-29. */
  function longDate(day) {
    const [year, month, date] = day.split('-').map(Number);
    return `${MONTHS[month - 1]} ${date}, ${year}`;
  }

  /** A text with every day in it as people read it. */
  const withLongDates = (text) => text.replace(/\b\d{4}-\d\d-\d\d\b/g, longDate);

  /** Text without accents and capitals, to be looked for. */
  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  /** Words as typed, plain. */
  const words = (text) => plain(text).split(/\s+/).filter(Boolean);

  /** `1 policy`, `2 policies`. */
  const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

  /**
   * An element with its attributes and children; what is null is left out. A text becomes a text node, so nothing in the
   * data can be markup.
   */
  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null && child !== ''));
    return made;
  }

  // Old browsers and pages served without TLS have no clipboard.
  function copyByHand(text) {
    const field = make('textarea', { class: 'copy-field' });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }

  /** Copies a text, and tells whether that could be done; the focus stays where it is. */
  async function copy(text) {
    const back = document.activeElement;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    } finally {
      back?.focus?.();
    }
  }

  // A cell that a spreadsheet would run as a formula is quoted with an apostrophe.
  function csvCell(text) {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  }

  /** Saves rows of texts as a CSV file. */
  function saveCsv(name, rows) {
    const lines = rows.map((row) => `${row.map(csvCell).join(',')}\r\n`);
    // Excel reads a CSV file as UTF-8 only where it begins with this mark.
    const href = URL.createObjectURL(new Blob([`\ufeff${lines.join('')}`], { type: 'text/csv' }));
    const link = make('a', { href, download: `${name}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const loading = new Map();

  /**
   * What `read` makes of a data script's value, loaded once. It comes as a script, because a page opened from a folder
   * can fetch nothing. One that failed is asked for again the next time.
   */
  function loadData(src, name, read) {
    if (!loading.has(src)) {
      const script = make('script', { src });
      const loaded = new Promise((done, failed) => {
        script.addEventListener('load', () => done(read(window.h2024kb.data[name])));
        script.addEventListener('error', () => failed(new Error('The data for this could not be loaded. Try again.')));
      });
      loading.set(src, loaded);
      loaded.catch(() => loading.delete(src));
      document.head.append(script);
    }
    return loading.get(src);
  }

  /** Chooses the option with a value, else the one that a fresh page shows. */
  function selectOption(select, value) {
    const options = [...select.options];
    const fits = options.find((option) => option.value === value) ?? options.find((option) => option.defaultSelected);
    (fits ?? options[0]).selected = true;
  }

  /**
   * The choices of these names in the address's fragment, so that a link can be copied; an anchor is not one of them.
   * `keep` puts them there, `onChange` calls when another link of the kind was followed.
   */
  function choices(names) {
    const given = () => new URLSearchParams(location.hash.slice(1));
    const ours = () => names.some((name) => given().has(name));

    function keep(values) {
      const kept = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
      const text = kept.toString().replaceAll('%2F', '/').replaceAll('%2C', ',');
      const next = `${location.pathname}${location.search}${text ? `#${text}` : ''}`;
      if (text || ours()) history.replaceState(null, '', next);
      return text;
    }

    const onChange = (act) => addEventListener('hashchange', () => { if (!location.hash || ours()) act(); });
    return { given, keep, onChange };
  }

  window.h2024kb ??= {};
  window.h2024kb.shared = {
    byId, today, longDate, withLongDates, plain, words, count, make, copy, saveCsv, loadData, selectOption, choices,
  };
})();
