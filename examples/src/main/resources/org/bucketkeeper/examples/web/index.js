// The way in: opens a base by its UUID, or makes one. A base comes into being with its first row.

import {newUuid} from '/assets/uuid.js';

const form = document.getElementById('open');
const field = document.getElementById('uuid');
const wrong = document.getElementById('wrong');

document.getElementById('make').addEventListener('click', () => go(newUuid()));

form.addEventListener('submit', event => {
  event.preventDefault();
  const uuid = field.value.trim();
  if (/^[0-9a-f]{32}$/i.test(uuid) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    go(uuid);
    return;
  }
  wrong.textContent = uuid === ''
    ? 'Enter the UUID of a base.'
    : 'That is no UUID: it has 32 hex digits, with or without dashes.';
  field.setAttribute('aria-invalid', 'true');
  field.focus();
});

field.addEventListener('input', () => {
  wrong.textContent = '';
  field.removeAttribute('aria-invalid');
});

function go(uuid) {
  location.assign('/dtable/' + uuid + '/');
}
