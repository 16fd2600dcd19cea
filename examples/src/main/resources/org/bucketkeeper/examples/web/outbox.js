// Holds the rows that no server has said to be saved, in the order they were written, through reloads of the page.

export class Outbox {
  #key;
  #rows;

  constructor(uuid) {
    this.#key = 'unsaved-rows-' + uuid;
    this.#rows = new Map(read(this.#key).map(row => [row._id, row]));
  }

  /** Every row that waits, oldest first. */
  rows() {
    return [...this.#rows.values()];
  }

  add(row) {
    this.#rows.set(row._id, row);
    this.#write();
  }

  /** The row that waits under that id, if there is one. */
  get(id) {
    return this.#rows.get(id);
  }

  remove(id) {
    if (this.#rows.delete(id)) {
      this.#write();
    }
  }

  #write() {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.rows()));
    } catch (full) {
      // The rows are still held here, and only a reload would lose them.
    }
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '[]');
  } catch (unreadable) {
    return [];
  }
}
