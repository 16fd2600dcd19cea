'use strict';

/** Colours that stay apart for every kind of colour vision; later nodes share colours and differ by letter. */
const COLOURS = 12;
/** The server writes every 2 seconds; three missed writes mean that the stream is dead though the socket is not. */
const SILENCE_MS = 7000;
const RETRY_MS = 2000;
const REQUEST_TIMEOUT_MS = 15000;
const TOKEN_KEY = 'bucketkeeper.token';
const CONDITIONS = {
  live: ['●', 'Live'],
  cordoned: ['◐', 'Cordoned'],
  draining: ['▽', 'Draining'],
  leaving: ['◁', 'Leaving'],
  gone: ['✕', 'Gone'],
};

const byId = (id) => document.getElementById(id);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Writes only what differs, so that a live region speaks and a selection breaks only when something changed. */
function setText(target, text) {
  if (target.textContent !== String(text)) target.textContent = text;
}

function setData(target, name, value) {
  if (value === null || value === undefined) delete target.dataset[name];
  else if (target.dataset[name] !== String(value)) target.dataset[name] = value;
}

const hex = (index) => index.toString(16).padStart(2, '0');
const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

function span(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} days`;
}

/* A node keeps its letter and colour as long as this page knows it, whoever joins or leaves. */
const slots = new Map();

function assignSlots(nodes) {
  const present = new Set(nodes.map((node) => node.node_id));
  for (const id of [...slots.keys()]) if (!present.has(id)) slots.delete(id);
  const taken = new Set(slots.values());
  let free = 0;
  for (const node of nodes) {
    if (slots.has(node.node_id)) continue;
    while (taken.has(free)) free++;
    slots.set(node.node_id, free);
    taken.add(free);
  }
}

function letterOf(id) {
  if (!slots.has(id)) return '–';
  const slot = slots.get(id);
  const last = String.fromCharCode(65 + (slot % 26));
  return slot < 26 ? last : String.fromCharCode(64 + Math.floor(slot / 26)) + last;
}

function paint(target, id, prefix = '') {
  const slot = slots.has(id) ? slots.get(id) % COLOURS : null;
  for (const [name, source] of [['colour', 'node'], ['ink', 'ink']]) {
    if (slot === null) target.style.removeProperty(`--${prefix}${name}`);
    else target.style.setProperty(`--${prefix}${name}`, `var(--${source}-${slot})`);
  }
}

function letterBox(id) {
  const box = element('span', 'letter', letterOf(id));
  paint(box, id);
  box.title = id ?? 'nobody';
  return box;
}

/* ---------- The picture of the buckets ---------- */

const grid = byId('grid');
const cells = [];
let focused = 0;
let shown = null;

function buildGrid() {
  const header = element('div');
  header.setAttribute('role', 'row');
  for (let column = -1; column < 16; column++) {
    const name = element('span', '', column < 0 ? '' : column.toString(16));
    name.setAttribute('role', 'columnheader');
    if (column < 0) name.setAttribute('aria-label', 'First and second hex digit');
    header.append(name);
  }
  grid.append(header);
  for (let row = 0; row < 16; row++) {
    const line = element('div');
    line.setAttribute('role', 'row');
    const name = element('span', '', row.toString(16));
    name.setAttribute('role', 'rowheader');
    line.append(name);
    for (let column = 0; column < 16; column++) {
      const cell = element('div', 'cell');
      cell.setAttribute('role', 'gridcell');
      cell.tabIndex = cells.length === 0 ? 0 : -1;
      cell.dataset.bucket = hex(cells.length);
      cell.append(element('span', 'now'), element('span', 'next'));
      cells.push(cell);
      line.append(cell);
    }
    grid.append(line);
  }
}

function describeBucket(index) {
  const { assigned, held } = cells[index].dataset;
  const bucket = `Bucket ${hex(index)}`;
  if (assigned === undefined) return bucket;
  if (!assigned && !held) return `${bucket}: nobody serves it`;
  if (assigned === held) return `${bucket}: held by ${held} (${letterOf(held)})`;
  if (!held) return `${bucket}: assigned to ${assigned} (${letterOf(assigned)}), not yet held`;
  if (!assigned) return `${bucket}: held by ${held} (${letterOf(held)}), assigned to nobody`;
  return `${bucket}: changing hands from ${held} (${letterOf(held)}) to ${assigned} (${letterOf(assigned)})`;
}

function lastMoveOf(index) {
  const move = state?.moves.find((candidate) => candidate.bucket === hex(index));
  if (!move) return '';
  return `. Last move: ${move.from ?? 'nobody'} to ${move.to ?? 'nobody'}, ${move.reason}${move.at ? `, ${clock(move.at)}` : ''}`;
}

function renderDetails() {
  const text = shown === null
    ? 'Point at a bucket, or use Tab and the arrow keys, to see who has it.'
    : describeBucket(shown) + lastMoveOf(shown);
  setText(byId('details'), text);
}

function renderBuckets() {
  const idAt = (index) => (index < 0 ? '' : state.nodes[index]?.node_id ?? '');
  state.buckets.forEach(([assignedIndex, heldIndex], index) => {
    const cell = cells[index];
    const assigned = idAt(assignedIndex);
    const held = idAt(heldIndex);
    const key = `${assigned}|${letterOf(assigned)}|${held}|${letterOf(held)}`;
    if (cell.dataset.key === key) return;
    const moving = assigned !== held;
    cell.dataset.key = key;
    setData(cell, 'assigned', assigned);
    setData(cell, 'held', held);
    setData(cell, 'moving', moving ? '' : null);
    setData(cell, 'vacant', !assigned && !held ? '' : null);
    paint(cell, held);
    paint(cell, assigned, 'next-');
    setText(cell.firstChild, held ? letterOf(held) : '–');
    setText(cell.lastChild, moving ? letterOf(assigned) : '');
    cell.setAttribute('aria-label', describeBucket(index));
  });
}

function focusCell(index) {
  cells[focused].tabIndex = -1;
  focused = index;
  cells[index].tabIndex = 0;
  cells[index].focus();
}

function onGridKey(event) {
  const column = focused % 16;
  const first = focused - column;
  const target = {
    ArrowLeft: column > 0 ? focused - 1 : focused,
    ArrowRight: column < 15 ? focused + 1 : focused,
    ArrowUp: focused >= 16 ? focused - 16 : focused,
    ArrowDown: focused < 240 ? focused + 16 : focused,
    Home: event.ctrlKey ? 0 : first,
    End: event.ctrlKey ? 255 : first + 15,
    PageUp: column,
    PageDown: 240 + column,
  }[event.key];
  if (target === undefined || event.altKey || event.metaKey) return;
  event.preventDefault();
  focusCell(target);
}

function listenToGrid() {
  const indexOf = (event) => cells.indexOf(event.target.closest('.cell'));
  const show = (index) => {
    shown = index < 0 ? null : index;
    renderDetails();
  };
  grid.addEventListener('keydown', onGridKey);
  grid.addEventListener('pointerover', (event) => indexOf(event) >= 0 && show(indexOf(event)));
  grid.addEventListener('pointerleave', () => show(cells.indexOf(document.activeElement)));
  grid.addEventListener('focusin', (event) => {
    const index = indexOf(event);
    if (index < 0) return;
    cells[focused].tabIndex = -1;
    focused = index;
    cells[index].tabIndex = 0;
    show(index);
  });
  grid.addEventListener('focusout', () => show(-1));
}

/* ---------- The nodes ---------- */

const nodeViews = new Map();

function buildNode(id) {
  const row = element('li', 'node');
  row.dataset.node = id;
  const letter = element('span', 'letter');
  const name = element('span', 'name', id);
  const condition = element('span', 'condition');
  const figures = element('span', 'figures');
  const lease = element('span', 'lease');
  const bar = element('span', 'bar');
  bar.append(element('i'));
  bar.setAttribute('role', 'meter');
  bar.setAttribute('aria-label', `Lease of ${id}`);
  bar.setAttribute('aria-valuemin', '0');
  const left = element('span', 'left');
  lease.append(bar, left);
  const actions = element('div', 'actions');
  const cordon = element('button');
  const drain = element('button');
  const message = element('span', 'message');
  message.setAttribute('role', 'alert');
  for (const button of [cordon, drain]) {
    button.type = 'button';
    button.addEventListener('click', () => operateNode(id, button.dataset.action));
  }
  actions.append(cordon, drain, message);
  row.append(letter, name, condition, figures, lease, actions);
  const highlight = (on) => {
    setData(grid, 'only', on ? id : null);
    for (const cell of cells) {
      setData(cell, 'chosen', on && (cell.dataset.assigned === id || cell.dataset.held === id) ? '' : null);
    }
  };
  letter.addEventListener('pointerenter', () => highlight(true));
  letter.addEventListener('pointerleave', () => highlight(false));
  return { row, letter, name, condition, figures, bar, left, cordon, drain, message, busy: false };
}

function renderFigures(target, node) {
  const share = Math.round(node.fair_share * 10) / 10;
  const key = `${node.held}|${node.assigned}|${share}|${node.capacity}`;
  if (target.dataset.key === key) return;
  target.dataset.key = key;
  target.replaceChildren(
    element('b', '', node.held), ' held · ', element('b', '', node.assigned), ' assigned · ',
    `fair\u00a0${share} · capacity\u00a0${node.capacity}`);
  target.title = target.textContent;
}

function renderNodes() {
  const list = byId('nodes');
  const present = new Set(state.nodes.map((node) => node.node_id));
  for (const [id, view] of nodeViews) {
    if (present.has(id)) continue;
    view.row.remove();
    nodeViews.delete(id);
  }
  state.nodes.forEach((node, position) => {
    let view = nodeViews.get(node.node_id);
    if (!view) {
      view = buildNode(node.node_id);
      nodeViews.set(node.node_id, view);
    }
    if (list.children[position] !== view.row) list.insertBefore(view.row, list.children[position] ?? null);
    const [symbol, word] = CONDITIONS[node.condition] ?? ['?', node.condition];
    setData(view.row, 'condition', node.condition);
    setText(view.letter, letterOf(node.node_id));
    paint(view.letter, node.node_id);
    view.name.title = [node.node_id, node.node_url, node.local_node_url].filter(Boolean).join('\n');
    if (view.condition.dataset.word !== word) {
      const mark = element('span', '', `${symbol} `);
      mark.setAttribute('aria-hidden', 'true');
      view.condition.replaceChildren(mark, word);
      view.condition.dataset.word = word;
    }
    renderFigures(view.figures, node);
    view.lease = node.lease_ms_left === null || !node.lease_ms ? null : { left: node.lease_ms_left, of: node.lease_ms };
    renderActions(view, node.condition);
  });
  setText(byId('node-count'), state.nodes.length);
}

function renderActions(view, condition) {
  const here = condition !== 'gone' && condition !== 'leaving';
  const actions = [
    [view.cordon, condition === 'cordoned' ? 'uncordon' : 'cordon', here && condition !== 'draining'],
    [view.drain, condition === 'draining' ? 'undrain' : 'drain', here],
  ];
  for (const [button, action, possible] of actions) {
    setData(button, 'action', action);
    setText(button, action[0].toUpperCase() + action.slice(1));
    button.setAttribute('aria-label', `${button.textContent} ${view.row.dataset.node}`);
    button.disabled = !possible || !canOperate() || view.busy;
  }
}

/** Aims each bar at where its lease will be in a second and lets the transition run there. */
function renderLeases() {
  if (!state || !live) return;
  const age = performance.now() - receivedAt;
  for (const view of nodeViews.values()) {
    const { lease, bar, left } = view;
    if (!lease) {
      setText(left, '–');
      bar.style.setProperty('--left', '0');
      bar.setAttribute('aria-valuetext', 'no lease');
      continue;
    }
    const remaining = Math.max(0, lease.left - age);
    const share = Math.min(1, Math.max(0, remaining - 1000) / lease.of);
    setData(bar, 'refill', share > (view.share ?? 0) + 0.02 ? '' : null);
    setData(bar, 'low', remaining < lease.of / 4 ? '' : null);
    view.share = share;
    bar.style.setProperty('--left', share.toFixed(4));
    bar.setAttribute('aria-valuemax', Math.round(lease.of / 1000));
    bar.setAttribute('aria-valuenow', Math.round(remaining / 1000));
    bar.setAttribute('aria-valuetext', `${Math.round(remaining / 1000)} seconds left`);
    setText(left, `${Math.ceil(remaining / 1000)} s`);
  }
}

/* ---------- Recent moves ---------- */

function clock(instant) {
  const when = new Date(instant);
  const time = when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  return when.toDateString() === new Date().toDateString() ? time : `${when.toLocaleDateString()} ${time}`;
}

let movesKey = '';

function renderMoves() {
  const key = JSON.stringify([state.moves, [...slots]]);
  byId('no-moves').hidden = state.moves.length > 0;
  if (key === movesKey) return;
  movesKey = key;
  byId('moves').replaceChildren(...state.moves.map((move) => {
    const item = element('li');
    const time = element('time', '', move.at ? clock(move.at).split(' ').pop() : '–');
    if (move.at) {
      time.dateTime = move.at;
      time.title = new Date(move.at).toLocaleString();
    }
    const way = element('span', 'way');
    way.append(letterBox(move.from), ' → ', letterBox(move.to));
    way.setAttribute('role', 'img');
    way.setAttribute('aria-label', `from ${move.from ?? 'nobody'} to ${move.to ?? 'nobody'}`);
    const reason = element('span', 'reason', move.reason);
    reason.title = `${move.reason}, version ${move.version}`;
    item.append(time, element('code', '', move.bucket), way, reason);
    return item;
  }));
}

/* ---------- What holds for the whole cluster ---------- */

let changeSeen = null;

function verdict() {
  if (!state) return live ? ['wait', '○', 'Waiting for the first picture of the cluster'] : ['bad', '✕', 'No connection to the admin server. Trying again'];
  if (!live) return ['bad', '✕', 'Connection lost. This picture is no longer live. Trying again'];
  if (!state.store.connected) return ['bad', '✕', 'The admin server cannot reach the store. This picture may be old'];
  if (state.problem) return ['bad', '!', state.problem];
  const unserved = state.buckets.filter(([, held]) => held < 0).length;
  const moving = state.buckets.filter(([assigned, held]) => assigned !== held && held >= 0).length;
  if (unserved) return ['bad', '!', `${count(unserved, 'bucket')} without a holder${moving ? `, ${moving} changing hands` : ''}`];
  if (!state.leader) return ['bad', '!', 'No monitor leads. Buckets stay where they are'];
  if (moving) return ['busy', '⇄', `${count(moving, 'bucket')} changing hands`];
  return ['good', '✓', 'All 256 buckets are held by their owners'];
}

function renderVerdict() {
  const [level, symbol, text] = verdict();
  setData(byId('verdict'), 'level', level);
  setText(byId('verdict-symbol'), symbol);
  setText(byId('verdict-text'), text);
}

function renderFacts() {
  setText(byId('cluster'), state.cluster);
  setText(byId('leader'), state.leader ?? 'nobody');
  byId('leader').title = state.leader ?? '';
  setData(byId('leader'), 'state', state.leader ? null : 'none');
  setText(byId('revision'), state.revision);
  setText(byId('version'), state.assignment.version);
  byId('version').title = `Committed at revision ${state.assignment.revision}`;
  document.title = `${live ? '' : 'Lost · '}BucketKeeper ${state.cluster}`;
}

function renderAges() {
  const connection = byId('connection');
  setData(connection, 'state', live ? 'live' : 'lost');
  setText(connection, live ? '● Live' : '✕ Lost');
  setData(document.body, 'stale', !live || (state && !state.store.connected) ? '' : null);
  if (!state) return;
  const age = performance.now() - receivedAt;
  const storeAge = state.store.age_ms + age;
  const store = byId('store-state');
  setData(store, 'state', !live ? 'unknown' : state.store.connected ? 'connected' : 'lost');
  setText(store, !live ? '? Unknown' : state.store.connected ? '● Connected' : `✕ Lost ${span(storeAge)}`);
  const stale = !live ? age : state.store.connected ? null : storeAge;
  setText(byId('verdict-age'), stale === null ? '' : `${span(stale)} old`);
  const newest = state.moves[0]?.at;
  const changed = changeSeen !== null
    ? performance.now() - changeSeen
    : newest ? Date.parse(state.now) - Date.parse(newest) + age : null;
  setText(byId('changed'), changed === null ? '–' : `${span(changed)} ago`);
}

/* ---------- The stream ---------- */

let state = null;
let live = false;
let receivedAt = 0;
let heardAt = performance.now();
let source = null;

function accept(next) {
  if (state && state.assignment.version !== next.assignment.version) changeSeen = performance.now();
  state = next;
  receivedAt = performance.now();
  live = true;
  assignSlots(state.nodes);
  renderFacts();
  renderBuckets();
  renderNodes();
  renderMoves();
  renderDetails();
  renderOperate();
  renderVerdict();
  renderAges();
  renderLeases();
}

function lose() {
  live = false;
  renderVerdict();
  renderAges();
  renderOperate();
  if (state) renderFacts();
}

function connect() {
  source?.close();
  heardAt = performance.now();
  source = new EventSource('events');
  source.onmessage = (event) => {
    heardAt = performance.now();
    accept(JSON.parse(event.data));
  };
  source.onerror = lose;
}

/** An EventSource gives up for good after an HTTP error and notices no silent link, so both are watched here. */
function watch() {
  const silent = performance.now() - heardAt;
  if (silent > SILENCE_MS && live) lose();
  const closed = source.readyState === EventSource.CLOSED;
  if (silent > SILENCE_MS || (closed && silent > RETRY_MS)) connect();
}

/* ---------- Operating ---------- */

let token = null;

const canOperate = () => token !== null && live && Boolean(state?.token_configured);

class Refusal extends Error {}

async function request(method, path, bearer = token) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: { Authorization: `Bearer ${bearer}` },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (failure) {
    throw new Refusal(failure.name === 'TimeoutError'
      ? 'The admin server did not answer in time; the change may still have happened.'
      : 'The admin server cannot be reached.');
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401 && bearer === token) forget('The token is no longer accepted. Enter it again.');
  throw new Refusal(answer?.message ?? `The admin server answered ${response.status}.`);
}

function note(text, level) {
  setText(byId('operate-note'), text);
  setData(byId('operate-note'), 'level', level ?? null);
}

let noteKind = '';

function renderOperate() {
  const configured = Boolean(state?.token_configured);
  const kind = !state ? 'none' : !configured ? 'read-only' : token === null ? 'locked' : 'open';
  byId('token').disabled = !configured;
  byId('token').hidden = kind === 'open';
  byId('token-accept').disabled = !configured;
  byId('token-accept').hidden = kind === 'open';
  byId('token-forget').hidden = kind !== 'open';
  byId('rebalance').disabled = !canOperate();
  setData(document.body, 'operate', kind === 'open' ? '' : null);
  if (kind !== noteKind) {
    noteKind = kind;
    note({
      'none': '',
      'read-only': 'Read only: the admin server was started without an admin token.',
      'locked': 'Enter the admin token to rebalance, cordon and drain.',
      'open': 'Operating until this tab is closed.',
    }[kind]);
  }
  for (const view of nodeViews.values()) renderActions(view, view.row.dataset.condition);
}

function forget(reason) {
  token = null;
  sessionStorage.removeItem(TOKEN_KEY);
  renderOperate();
  if (reason) note(reason, 'bad');
}

async function tryToken(candidate) {
  try {
    await request('GET', 'token', candidate);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    note(refusal.message, 'bad');
    return;
  }
  token = candidate;
  sessionStorage.setItem(TOKEN_KEY, candidate);
  byId('token').value = '';
  renderOperate();
}

async function operateNode(id, action) {
  const view = nodeViews.get(id);
  view.busy = true;
  setText(view.message, '');
  renderOperate();
  try {
    await request('POST', `nodes/${encodeURIComponent(id)}/${action}`);
  } catch (refusal) {
    setText(view.message, refusal.message);
  } finally {
    view.busy = false;
    renderOperate();
  }
}

const plan = byId('plan');

function planNote(text, level) {
  setText(byId('plan-note'), text);
  setData(byId('plan-note'), 'level', level ?? null);
}

async function showPlan() {
  setText(byId('plan-total'), '–');
  setText(byId('plan-bound'), '–');
  byId('plan-nodes').replaceChildren();
  byId('plan-confirm').disabled = true;
  planNote('Working out the plan');
  plan.showModal();
  try {
    const answer = await request('POST', 'rebalance/?dry_run=true');
    setText(byId('plan-total'), answer.total);
    setText(byId('plan-bound'), answer.lower_bound);
    byId('plan-nodes').replaceChildren(...answer.nodes.map(planRow));
    byId('plan-confirm').disabled = answer.total === 0;
    planNote(answer.total === 0
      ? 'The buckets are balanced already. Nothing would move.'
      : 'Each bucket pauses only while it changes hands. All other buckets stay as they are.');
  } catch (refusal) {
    planNote(refusal.message, 'bad');
  }
}

function planRow({ node_id: id, before, after }) {
  const row = element('tr');
  const name = element('td');
  name.append(letterBox(id), ` ${id}`);
  const change = after - before;
  row.append(name, element('td', '', before), element('td', '', after),
    element('td', '', change > 0 ? `+${change}` : change < 0 ? `−${-change}` : '0'));
  return row;
}

async function confirmPlan() {
  byId('plan-confirm').disabled = true;
  planNote('Rebalancing');
  try {
    const answer = await request('POST', 'rebalance/');
    plan.close();
    note(`Rebalance started: ${count(answer.total, 'bucket')} to move.`);
  } catch (refusal) {
    planNote(refusal.message, 'bad');
    byId('plan-confirm').disabled = false;
  }
}

function listenToOperate() {
  byId('operate').addEventListener('submit', (event) => {
    event.preventDefault();
    const candidate = byId('token').value.trim();
    if (candidate) tryToken(candidate);
  });
  byId('token-forget').addEventListener('click', () => forget());
  byId('rebalance').addEventListener('click', showPlan);
  byId('plan-confirm').addEventListener('click', confirmPlan);
  byId('plan-cancel').addEventListener('click', () => plan.close());
  const kept = sessionStorage.getItem(TOKEN_KEY);
  if (kept) tryToken(kept);
}

buildGrid();
listenToGrid();
renderDetails();
listenToOperate();
connect();
setInterval(() => {
  watch();
  renderAges();
  renderLeases();
}, 1000);
