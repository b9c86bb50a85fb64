// What the scripts of several pages do alike. Loading it changes nothing on a page.
'use strict';
(() => {
  /** The reader's day, as dates are written here. */
  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, '0');
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  /** Text without accents and capitals, to be looked for. */
  const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  /** Words as typed, plain. */
  const words = (text) => plain(text).split(/\s+/).filter(Boolean);

  /** An element with its text and class. */
  function make(tag, text = '', className = '') {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // Old browsers and pages served without TLS have no clipboard.
  function copyByHand(text) {
    const field = make('textarea', '', 'copy-field');
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
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join('')}`], { type: 'text/csv' }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** Chooses the option with a value, else the one that a fresh page shows. */
  function selectOption(select, value) {
    const options = [...select.options];
    const fits = options.find((option) => option.value === value) ?? options.find((option) => option.defaultSelected);
    (fits ?? options[0]).selected = true;
  }

  /**
   * The choices of these names in the address's fragment, so that a link can be copied; an anchor is none of them.
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
  window.h2024kb.shared = { today, plain, words, make, copy, saveCsv, selectOption, choices };
})();
