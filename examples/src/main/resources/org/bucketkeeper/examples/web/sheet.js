// Draws the rows: those of the server in the order of their numbers, then those that are not saved yet.

const SHOWN_AT_FIRST = 500;
const NEAR_THE_END_PIXELS = 80;

const STATES = {
  saved: 'Saved',
  saving: 'Saving',
  waiting: 'Waiting',
  refused: 'Not saved'
};

export class Sheet {
  #scroller = document.getElementById('sheet');
  #body = document.getElementById('rows');
  #empty = document.getElementById('empty');
  #earlier = document.getElementById('earlier');
  #rows = [];
  #firstShown = 0;
  #lines = new Map();
  #unsaved = new Map();

  constructor() {
    this.#earlier.querySelector('button').addEventListener('click', () => this.#showEarlier());
  }

  /** Forgets the rows that came from a server. */
  clear() {
    this.#rows = [];
    this.#firstShown = 0;
    for (const line of this.#lines.values()) {
      line.remove();
    }
    this.#lines.clear();
  }

  /** All that there was to show is shown. */
  loaded() {
    this.#refresh(false);
  }

  /** Adds rows that follow the last one. */
  append(rows) {
    const follow = this.#isAtTheEnd();
    const first = this.#rows.length === 0;
    this.#rows.push(...rows);
    if (first) {
      this.#firstShown = Math.max(0, this.#rows.length - SHOWN_AT_FIRST);
    }
    const lines = document.createDocumentFragment();
    for (const row of first ? this.#rows.slice(this.#firstShown) : rows) {
      lines.append(this.#takeOver(row, !first));
    }
    this.#body.insertBefore(lines, this.#firstUnsaved());
    this.#refresh(follow);
  }

  /** Shows a row that is not saved, or in which state it is now. */
  unsaved(row, state, reason) {
    let line = this.#unsaved.get(row._id);
    const follow = line === undefined;
    if (line === undefined) {
      line = newLine(row);
      this.#unsaved.set(row._id, line);
      this.#body.append(line);
    }
    setState(line, state, reason);
    this.#refresh(follow);
  }

  /** A line that waited becomes the row's, so that no row is ever seen twice. */
  #takeOver(row, fresh) {
    const line = this.#unsaved.get(row._id) ?? newLine(row);
    this.#unsaved.delete(row._id);
    line.cells[0].textContent = row.seq;
    line.dataset.seq = row.seq;
    setState(line, 'saved');
    line.classList.toggle('fresh', fresh);
    this.#lines.set(row.seq, line);
    return line;
  }

  #firstUnsaved() {
    const first = this.#unsaved.values().next();
    return first.done ? null : first.value;
  }

  #showEarlier() {
    const from = Math.max(0, this.#firstShown - SHOWN_AT_FIRST);
    const height = this.#scroller.scrollHeight;
    const lines = document.createDocumentFragment();
    for (const row of this.#rows.slice(from, this.#firstShown)) {
      lines.append(this.#takeOver(row, false));
    }
    this.#body.prepend(lines);
    this.#firstShown = from;
    this.#refresh(false);
    this.#scroller.scrollTop += this.#scroller.scrollHeight - height;
  }

  #refresh(follow) {
    this.#empty.hidden = this.#body.rows.length > 0;
    this.#earlier.hidden = this.#firstShown === 0;
    this.#earlier.firstElementChild.textContent = 'Show ' + Math.min(SHOWN_AT_FIRST, this.#firstShown) + ' earlier rows';
    if (follow) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    }
  }

  #isAtTheEnd() {
    const left = this.#scroller.scrollHeight - this.#scroller.clientHeight - this.#scroller.scrollTop;
    return left < NEAR_THE_END_PIXELS;
  }
}

function newLine(row) {
  const line = document.createElement('tr');
  line.dataset.id = row._id;
  cell(line, 'seq', '');
  cell(line, 'text', shown(row));
  cell(line, 'when', time(row.added_at));
  cell(line, 'saved', '');
  return line;
}

function cell(line, name, text) {
  const added = line.insertCell();
  added.className = name;
  added.textContent = text;
}

function setState(line, state, reason) {
  if (line.dataset.state !== state) {
    line.dataset.state = state;
    line.cells[3].textContent = STATES[state];
  }
  if (reason !== undefined) {
    line.cells[3].textContent = STATES[state] + ': ' + reason;
  }
}

/** Other programs write rows with fields of their own. */
function shown(row) {
  const {_id, seq, text, added_at, ...others} = row;
  const more = Object.keys(others).length > 0 ? JSON.stringify(others) : '';
  return typeof text === 'string' ? (text + ' ' + more).trimEnd() : more;
}

function time(text) {
  const when = new Date(text ?? NaN);
  if (Number.isNaN(when.getTime())) {
    return '';
  }
  const today = when.toDateString() === new Date().toDateString();
  return when.toLocaleString(undefined, today ? {timeStyle: 'medium'} : {dateStyle: 'medium', timeStyle: 'short'});
}
