// One base: its rows live, and rows that the user adds. What a server has said is saved is never lost and never shown
// twice; everything else is sent again, under the same _id, until a server says so.

import {Connection} from '/assets/connection.js';
import {Outbox} from '/assets/outbox.js';
import {Sheet} from '/assets/sheet.js';
import {newUuid} from '/assets/uuid.js';

const ROWS_IN_A_MESSAGE = 50;
const CHARACTERS_IN_A_MESSAGE = 100000;
const PATIENCE_MILLIS = 20_000;

const uuid = location.pathname.split('/')[2];
const outbox = new Outbox(uuid.replaceAll('-', '').toLowerCase());
const sheet = new Sheet();

const connectionText = document.getElementById('connection');
const serverText = document.getElementById('server');
const savingText = document.getElementById('saving');
const field = document.getElementById('text');

/** The number of the last row that is shown: the server goes on after it. */
let lastSeq = 0;
/** When each row that is under way was sent on this connection. */
const sent = new Map();
/** What no server will ever take. */
const refused = new Set();

const connection = new Connection(uuid, {
  start: () => lastSeq,
  connecting,
  opened,
  message
});

document.title = 'Base ' + uuid.slice(0, 8);
document.getElementById('uuid').textContent = uuid;
for (const row of outbox.rows()) {
  sheet.unsaved(row, 'waiting');
}
setInterval(checkPatience, 1_000);
connecting();
connection.open();

document.getElementById('add').addEventListener('submit', event => {
  event.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (text === '') {
    return;
  }
  const row = {_id: newUuid(), text, added_at: new Date().toISOString()};
  field.value = '';
  outbox.add(row);
  sheet.unsaved(row, 'waiting');
  sendUnsaved();
  tellSaving();
});

function connecting() {
  sent.clear();
  for (const row of unsaved()) {
    sheet.unsaved(row, 'waiting');
  }
  document.body.dataset.connection = 'connecting';
  const node = document.body.dataset.node;
  connectionText.textContent = node === undefined ? 'Connecting' : 'Re-connecting';
  serverText.textContent = node === undefined ? '' : 'Was served by ' + node;
  tellSaving();
}

function opened(server) {
  document.body.dataset.connection = 'live';
  document.body.dataset.node = server.node_id ?? new URL(server.node_url).host;
  connectionText.textContent = 'Live';
  serverText.textContent = 'Served by ' + document.body.dataset.node;
}

function message(received) {
  switch (received.type) {
    case 'base':
      receivedBase(received);
      break;
    case 'rows':
      receivedRows(received.rows);
      break;
    case 'saved':
      received.rows.forEach(row => saved(row._id));
      break;
    case 'refused':
      receivedRefusal(received);
      break;
    default:
      // A newer server may say more.
  }
  tellSaving();
}

function receivedBase(base) {
  if (base.count < lastSeq) {
    // The storage was set back: what is shown here is no longer what is stored.
    sheet.clear();
    lastSeq = 0;
    connection.again();
    return;
  }
  receivedRows(base.rows);
  sheet.loaded();
  connection.succeeded();
  sendUnsaved();
}

function receivedRows(rows) {
  const news = rows.filter(row => row.seq > lastSeq);
  if (news.length === 0) {
    return;
  }
  if (news[0].seq !== lastSeq + 1) {
    // Something is missing: ask for all that follows the last row.
    connection.again();
    return;
  }
  lastSeq = news.at(-1).seq;
  news.forEach(row => saved(row._id));
  sheet.append(news);
}

function saved(id) {
  sent.delete(id);
  const row = outbox.get(id);
  if (row !== undefined) {
    outbox.remove(id);
    sheet.unsaved(row, 'saved');
  }
}

function receivedRefusal(refusal) {
  if (!refusal.error.startsWith('bad_')) {
    // Another server, or this one a little later, will take them.
    connection.again();
    return;
  }
  for (const row of unsaved()) {
    if (sent.has(row._id) && (refusal.ids.length === 0 || refusal.ids.includes(row._id))) {
      refused.add(row._id);
      sent.delete(row._id);
      sheet.unsaved(row, 'refused', refusal.message);
    }
  }
}

function unsaved() {
  return outbox.rows().filter(row => !refused.has(row._id));
}

/** Cuts rows into parts that a server takes in one message. */
function messages(rows) {
  const parts = [];
  let size = 0;
  for (const row of rows) {
    const length = JSON.stringify(row).length;
    if (parts.length === 0 || parts.at(-1).length === ROWS_IN_A_MESSAGE || size + length > CHARACTERS_IN_A_MESSAGE) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1).push(row);
    size += length;
  }
  return parts;
}

function sendUnsaved() {
  if (document.body.dataset.connection !== 'live') {
    return;
  }
  const rows = unsaved().filter(row => !sent.has(row._id));
  for (const part of messages(rows)) {
    if (!connection.send({type: 'append', rows: part})) {
      return;
    }
    for (const row of part) {
      sent.set(row._id, performance.now());
      sheet.unsaved(row, 'saving');
    }
  }
}

/** A server that does not answer may be gone without a word. */
function checkPatience() {
  const latest = performance.now() - PATIENCE_MILLIS;
  for (const since of sent.values()) {
    if (since < latest) {
      connection.again();
      return;
    }
  }
}

function tellSaving() {
  const count = unsaved().length;
  const rows = count === 1 ? '1 row' : count + ' rows';
  const text = count === 0
    ? refused.size === 0 ? 'Everything is saved' : 'What the server took is saved'
    : document.body.dataset.connection === 'live' ? rows + ' being saved' : rows + ' kept here until the server is back';
  if (savingText.textContent !== text) {
    savingText.textContent = text;
  }
}
