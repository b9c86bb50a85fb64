// A text field with a list to choose from, by the ARIA pattern "editable combobox with list autocomplete".
(() => {
  'use strict';

  const { byId, make } = window.h2024kb.shared;

  /**
   * Makes a combobox of an input and the list after it. `options(text)` gives what to offer as {value, hint};
   * `chosen()` is called when one is taken. What is typed stays as typed until an option is taken.
   */
  function combobox(input, options, chosen) {
    const list = byId(input.getAttribute('aria-controls'));
    const state = { active: -1, shown: [] };

    function open(text) {
      state.shown = options(text);
      state.active = -1;
      list.replaceChildren(...state.shown.map(item));
      show(state.shown.length > 0);
    }

    function show(visible) {
      list.hidden = !visible;
      input.setAttribute('aria-expanded', String(visible));
      if (!visible) mark(-1);
    }

    function item({ value, hint }, place) {
      const made = make('li', { id: `${list.id}-${place}`, role: 'option', 'aria-selected': 'false' }, make('span', {}, value));
      if (hint) made.append(' ', make('small', {}, hint));
      made.addEventListener('click', () => take(place));
      return made;
    }

    function mark(place) {
      list.children[state.active]?.setAttribute('aria-selected', 'false');
      state.active = place;
      const made = list.children[place];
      if (!made) return input.removeAttribute('aria-activedescendant');
      made.setAttribute('aria-selected', 'true');
      made.scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', made.id);
    }

    function take(place) {
      input.value = state.shown[place].value;
      show(false);
      chosen();
    }

    function step(by) {
      if (list.hidden) open('');
      const count = state.shown.length;
      if (!count) return;
      const from = state.active < 0 && by < 0 ? 0 : state.active;
      mark((from + by + count) % count);
    }

    const keys = {
      ArrowDown: (event) => (event.altKey ? open(input.value) : step(1)),
      ArrowUp: (event) => (event.altKey ? show(false) : step(-1)),
      Enter: () => {
        if (state.active >= 0 && !list.hidden) return take(state.active);
        show(false);
        chosen();
      },
      Escape: () => {
        if (!list.hidden) return show(false);
        input.value = '';
        chosen();
      },
    };

    input.addEventListener('keydown', (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.isComposing) return;
      event.preventDefault();
      keys[event.key](event);
    });
    input.addEventListener('input', () => open(input.value));
    input.addEventListener('click', () => (list.hidden ? open('') : show(false)));
    input.addEventListener('focus', () => input.select());
    input.addEventListener('blur', () => show(false));
    // Else the field would lose the focus, and with it the list, before the click arrives.
    list.addEventListener('mousedown', (event) => event.preventDefault());
  }

  window.h2024kb.combobox = combobox;
})();
