// Keeps one WebSocket to the server that owns the base, through hand-overs, restarts and lost networks: asks
// dtable-web who that is, connects, and begins again when anything ends. Every wait has a bound.

const LOOKUP_MILLIS = 5_000;
const OPEN_MILLIS = 10_000;
const CHECK_MILLIS = 30_000;
const SHORTEST_PAUSE_MILLIS = 200;
const LONGEST_PAUSE_MILLIS = 8_000;

export class Connection {
  #uuid;
  #listener;
  #socket = null;
  #server = null;
  #moved = null;
  #failures = 0;
  #timer = 0;
  #attempt = 0;

  /**
   * The listener gets connecting(), opened(server), message(message) and says with start() from which row on it wants
   * to be told.
   */
  constructor(uuid, listener) {
    this.#uuid = uuid;
    this.#listener = listener;
  }

  open() {
    setInterval(() => this.#checkServer(), CHECK_MILLIS);
    window.addEventListener('online', () => this.again());
    this.#connect();
  }

  /** Sends a message; false if there is no connection. */
  send(message) {
    if (this.#socket === null || this.#socket.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** All is well: the next loss is the first one again. */
  succeeded() {
    this.#failures = 0;
  }

  /** Gives the connection up and makes another. */
  again() {
    this.#drop();
    this.#listener.connecting();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#pause());
  }

  /** Longer with every failure, and never the same for all who lost the same server. */
  #pause() {
    if (this.#failures === 0) {
      this.#failures = 1;
      return Math.random() * SHORTEST_PAUSE_MILLIS;
    }
    const longest = Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS * 2 ** this.#failures);
    this.#failures += 1;
    return longest / 2 + Math.random() * longest / 2;
  }

  async #connect() {
    const attempt = ++this.#attempt;
    let server;
    try {
      server = await this.#lookUp();
    } catch (failure) {
      if (attempt === this.#attempt) {
        this.again();
      }
      return;
    }
    if (attempt !== this.#attempt) {
      return;
    }
    // The server that gave the base up may know better than dtable-web, which has yet to hear of it.
    const moved = this.#moved;
    this.#server = moved !== null && moved.node_url !== null && moved.revision > server.revision ? moved : server;
    this.#openSocket(this.#server);
  }

  async #lookUp() {
    const response = await fetch('/api/v1/dtables/' + this.#uuid + '/server/', {
      cache: 'no-store',
      signal: AbortSignal.timeout(LOOKUP_MILLIS)
    });
    if (!response.ok) {
      throw new Error('dtable-web answered ' + response.status);
    }
    return response.json();
  }

  #openSocket(server) {
    const url = new URL('ws/', server.node_url.endsWith('/') ? server.node_url : server.node_url + '/');
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('dtable_uuid', this.#uuid);
    url.searchParams.set('start', this.#listener.start());
    const socket = new WebSocket(url);
    this.#socket = socket;
    const tooLate = setTimeout(() => socket === this.#socket && this.again(), OPEN_MILLIS);
    socket.onmessage = event => {
      clearTimeout(tooLate);
      if (socket === this.#socket) {
        this.#received(JSON.parse(event.data));
      }
    };
    socket.onclose = () => {
      clearTimeout(tooLate);
      if (socket === this.#socket) {
        this.again();
      }
    };
  }

  #received(message) {
    if (message.type === 'moved') {
      this.#moved = message;
      this.again();
      return;
    }
    if (message.type === 'base') {
      this.#listener.opened({...this.#server, node_id: message.node_id ?? this.#server.node_id});
    }
    this.#listener.message(message);
  }

  /** A connection can die without a word; that the base has another server by now is a sign of it. */
  async #checkServer() {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== WebSocket.OPEN) {
      return;
    }
    try {
      const server = await this.#lookUp();
      if (socket === this.#socket && server.revision > this.#server.revision
          && server.node_url !== this.#server.node_url) {
        this.again();
      }
    } catch (failure) {
      // Whoever is connected can do without dtable-web.
    }
  }

  #drop() {
    this.#attempt += 1;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.close();
    }
  }
}
