// Puts a button that copies beside each text made to be filled in, once it is looked at.
(() => {
  'use strict';

  const copy = async (pre) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(pre);
      return document.execCommand('copy');
    }
  };

  const addButton = (pre) => {
    if (pre.nextElementSibling?.matches('.copying')) return;
    const line = document.createElement('p');
    line.className = 'copying';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    const said = document.createElement('span');
    said.setAttribute('role', 'status');
    button.addEventListener('click', async () => {
      said.textContent = (await copy(pre)) ? 'Copied' : 'Select the text and copy it.';
    });
    line.append(button, ' ', said);
    pre.after(line);
  };

  document.addEventListener('toggle', (event) => event.target.querySelectorAll?.('pre.form').forEach(addButton), true);
})();
