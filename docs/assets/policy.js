// Another date of service: goes to the page of the dates it lies in. The date itself is put in no address.
(() => {
  'use strict';

  const form = document.querySelector('[data-picker]');
  if (!form) return;
  const field = form.querySelector('input');
  const said = form.querySelector('.picker__said');

  function linkFor(day) {
    return [...form.querySelectorAll('[data-first]')].find(
      ({ dataset: { first, last } }) => (!first || first <= day) && (!last || day <= last),
    );
  }

  function show(event) {
    event.preventDefault();
    said.textContent = '';
    const link = field.value && linkFor(field.value);
    if (!link) said.textContent = 'Give a date of service.';
    else if (link.hasAttribute('aria-current')) said.textContent = 'This page holds for that date.';
    else location.assign(link.href);
  }

  form.querySelector('.picker__ask').hidden = false;
  form.addEventListener('submit', show);
})();
