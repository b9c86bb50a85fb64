// Says on a dated version what was learned since; the page itself never changes.
(() => {
  'use strict';

  const bar = document.querySelector('[data-version]');
  const known = window.h2024kb?.data?.versions;
  if (!bar || !known) return;
  const line = bar.querySelector('.newer');

  function link(text, to) {
    const made = document.createElement('a');
    made.href = to;
    made.textContent = text;
    return made;
  }

  function tell() {
    const words = document.createElement('strong');
    words.textContent = `More is known since ${known.knownOn}. `;
    line.append(words, 'The newest versions:');
    known.versions.forEach(([, , days, page], at) => line.append(at ? ' · ' : ' ', link(days, page)));
    line.hidden = false;
  }

  if (bar.dataset.version < known.knownOn) tell();
})();
