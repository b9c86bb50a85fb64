// Which policy the line is checked with: found by a payer's name, chosen from the list, or named in the address.
(() => {
  'use strict';

  const { byId, words, count, choices } = window.h2024kb.shared;
  const { check } = window.h2024kb;
  const { form, valueOf, isCode } = check.form;

  const select = byId('check-policy');
  const typed = byId('check-filter');
  const groups = [...select.querySelectorAll('optgroup')].map((group) => [group, [...group.children]]);
  // Only the policy and the code stand in the address: nothing else that is typed.
  const address = choices(['policy', 'code', 'find']);

  // Only options that match what is typed; the chosen one stays.
  function filter() {
    const wanted = words(typed.value);
    const fits = (option) => {
      const names = words(`${option.textContent} ${option.dataset.names} ${option.value}`).join(' ');
      return option.value === select.value || wanted.every((word) => names.includes(word));
    };
    let found = 0;
    for (const [group, options] of groups) {
      const left = options.filter(fits);
      found += left.length;
      group.replaceChildren(...left);
      // The name of an empty group would still stand in the list.
      if (left.length) select.append(group);
      else group.remove();
    }
    byId('check-filter-count').textContent = `${count(found, 'policy fits', 'policies fit')}.`;
  }

  // Enter takes the policy whose payer is called just so, else the first that fits, and goes on to the day.
  function takeFirst() {
    const fits = [...select.options].filter((option) => option.value);
    const name = typed.value.trim().toLowerCase();
    const called = fits.find((option) => option.textContent.trim().toLowerCase().split(/[:(]/)[0].trim() === name);
    if (!name || !fits.length) return;
    select.value = (called || fits[0]).value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    form.elements.date_of_service.focus();
  }

  function toAddress() {
    const code = valueOf('code').toUpperCase();
    address.keep({ policy: select.value, code: isCode(code) ? code : '' });
  }

  function fromAddress() {
    const policy = address.given().get('policy');
    if (policy && [...select.options].some((option) => option.value === policy)) select.value = policy;
    const code = address.given().get('code');
    if (code && isCode(code)) form.elements.code.value = code;
    if (address.given().has('find')) typed.focus();
  }

  const title = () => select.selectedOptions[0].textContent;

  form.addEventListener('change', ({ target }) => {
    if (target === select || target.name === 'code') toAddress();
  });
  typed.addEventListener('input', filter);
  typed.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    takeFirst();
  });

  check.policy = { select, title, filter, toAddress, fromAddress, onAddress: address.onChange };
})();
