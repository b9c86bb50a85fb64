// Says on a dated version what was learned since; the page itself never changes.
(() => {
  'use strict';

  const { longDate, make } = window.h2024kb.shared;
  const bar = document.querySelector('[data-version]');
  const known = window.h2024kb.data?.versions;
  if (!bar || !known) return;
  const line = bar.querySelector('.newer');

  const link = (text, href) => make('a', { href }, text);

  function show() {
    line.append(make('strong', {}, `More is known since ${longDate(known.knownOn)}. `), 'The newest versions:');
    known.versions.forEach(([, , days, page], at) => line.append(at ? ' · ' : ' ', link(days, page)));
    line.hidden = false;
  }

  if (bar.dataset.version < known.knownOn) show();
})();
