/* The board page. One classic ES5 script for engines from Chromium 38 on: no build, no library.
   The server has drawn the page already; this keeps it true. Everything that arrives, by whichever
   transport, goes through apply(name, data); everything drawn comes out of draw(). */
(function (window, document) {
  "use strict";

  var TIMES = {
    tick: 1000,
    gather: 2000,       // layout changes are applied at most this often, all at once
    page: 8000,
    pinned: 30000,      // newest ready stands on every page
    fresh: 60000,       // static accent of a new ready order
    call: 6000,         // call-out
    share: 3000,        // orders ready within this share one call-out
    notice: 10000,
    shift: 240000,      // the picture moves a little against burn-in
    late: 15000,
    warn: 45000,
    dim: 180000,
    silent: 25000,      // an open stream without a frame for so long is dead
    opening: 8000,      // so is one that never spoke
    first: 400,         // wait before the first new attempt, doubled up to `most`
    most: 2500,
    poll: 40000,
    upgrade: 30000,     // a lesser transport is given up for a better one after this
    fallen: 30000,      // at most one fresh start so often because of a wrong digest
    lease: 5000,
    leased: 12000
  };
  var MOST_PAGES = 3, MOST_STREAMS = 3, MOST_HOSTS = 3, LONGEST_NAME = 12;
  var COLUMNS = {ready: "ready", collected: "ready", host: "host", preparing: "preparing"};
  var RANKS = {ready: 0, collected: 0, host: 1, preparing: 2};
  var FITS = [1.7, 1.9, 2.3, 3.0, 3.8, 4.6, 5.6, 6.8, 8.0, 10.5, 14.0];
  var NARROW = "ijl.,:;'|!It-()[] /fr", WIDE = "mwMW@%&\u2026\u2014";

  // ---- what a card is, the same as app/domain/board.py (tests/vectors/board.json) ----

  function utf8(text) {
    return unescape(encodeURIComponent(text));
  }

  function order(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  function drawingOrder(a, b) {
    var rank = RANKS[a.column] - RANKS[b.column], left, right, i;
    if (rank) { return rank; }
    if (a.column !== "preparing") { return b.since - a.since || order(utf8(a.key), utf8(b.key)); }
    left = numberParts(a);
    right = numberParts(b);
    for (i = 0; i < left.length; i++) {
      if (left[i] !== right[i]) { return order(left[i], right[i]); }
    }
    return 0;
  }

  function numberParts(card) {
    var number = card.number || "", digits = number.replace(/[^0-9]/g, "");
    var significant = digits.replace(/^0+/, "");
    return [digits ? significant.length : 999, significant, utf8(number), utf8(card.key)];
  }

  function visible(list, at) {
    var seen = [], i;
    for (i = 0; i < list.length; i++) {
      if (RANKS[list[i].column] !== undefined && (list[i].until === null || at < list[i].until)) {
        seen.push(list[i]);
      }
    }
    return seen.sort(drawingOrder);
  }

  var table = (function () {
    var made = [], n, c, k;
    for (n = 0; n < 256; n++) {
      for (c = n, k = 0; k < 8; k++) { c = c & 1 ? 0xEDB88320 ^ (c >>> 1) : c >>> 1; }
      made[n] = c >>> 0;
    }
    return made;
  }());

  function crc32(bytes) {
    var crc = 0xFFFFFFFF, i;
    for (i = 0; i < bytes.length; i++) {
      crc = table[(crc ^ bytes.charCodeAt(i)) & 255] ^ (crc >>> 8);
    }
    return ("0000000" + ((crc ^ 0xFFFFFFFF) >>> 0).toString(16)).slice(-8);
  }

  function digest(list, at) {
    var seen = visible(list, at), lines = "", i, c;
    for (i = 0; i < seen.length; i++) {
      c = seen[i];
      lines += [c.key, c.column, c.number || "", c.name || "", c.place,
        c.stations_ready.join(",")].join("|") + "\n";
    }
    return crc32(utf8(lines));
  }

  function letters(text) {
    return text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/g) || [];
  }

  function shorten(name) {
    var all = letters(name);
    if (all.length <= LONGEST_NAME) { return name; }
    return all.slice(0, LONGEST_NAME).join("").replace(/\s+$/, "") + "\u2026";
  }

  function fit(text) {
    var all = letters(text), needed = 0, i, ch;
    for (i = 0; i < all.length; i++) {
      ch = all[i];
      needed += NARROW.indexOf(ch) >= 0 ? 0.32 : WIDE.indexOf(ch) >= 0 ? 0.92 :
        ch >= "A" && ch <= "Z" ? 0.7 : ch.length > 1 || ch >= "\u1100" ? 1.05 : 0.56;
    }
    for (i = 0; i < FITS.length - 1 && needed > FITS[i]; i++) { /* the first that holds it */ }
    return i + 1;
  }

  // ---- the page as the server sent it ----

  var body = document.body;
  var page = {
    build: body.getAttribute("data-build"),
    revision: body.getAttribute("data-revision"),
    feed: address(body.getAttribute("data-feed")),
    socket: address(body.getAttribute("data-socket")).replace(/^http/, "ws"),
    languages: JSON.parse(body.getAttribute("data-words")),
    board: JSON.parse(body.getAttribute("data-hello")).board
  };
  page.words = page.languages[0];
  var latest = {build: page.build, revision: page.revision};
  var cards = {};
  var position = body.getAttribute("data-position");

  function address(relative) {
    var a = document.createElement("a");
    a.href = relative;
    return a.href;
  }

  function $(id) {
    return document.getElementById(id);
  }

  function say(word, parts) {
    return page.words[word].replace(/\{(\w+)\}/g, function (all, name) { return parts[name]; });
  }

  function write(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }

  function mark(element, name, on) {
    if (element.classList.contains(name) !== !!on) { element.classList[on ? "add" : "remove"](name); }
  }

  function all() {
    var list = [], key;
    for (key in cards) { list.push(cards[key]); }
    return list;
  }

  // ---- time: ours only counts, the server's is shown and decides ----

  var offsets = [-Infinity, -Infinity], heard = 0;

  function mono() {
    return window.performance && performance.now ? performance.now() : +new Date();
  }

  function hear(at) {
    // The frame that took the shortest way has the largest difference. Two spans of frames are
    // kept, so that a clock that drifts or is set is followed.
    var offset = at - mono();
    if (heard++ % 60 === 0) { offsets = [offsets[1], -Infinity]; }
    offsets[1] = Math.max(offsets[1], offset);
  }

  function serverNow() {
    return mono() + Math.max(offsets[0], offsets[1]);
  }

  // The venue's day and time of day, as "2026-11-21" and "18:30".
  function local() {
    var now = serverNow(), change = +body.getAttribute("data-utc-change");
    var minutes = +body.getAttribute(change && now >= change ? "data-utc-then" : "data-utc-offset");
    var text = new Date(now + minutes * 60000).toISOString();
    return {day: text.slice(0, 10), time: text.slice(11, 16)};
  }

  // Whether a time of day lies between two others, over midnight too; never if one is empty.
  function between(time, from, to) {
    if (!from || !to || from === to) { return false; }
    return from < to ? time >= from && time < to : time >= from || time < to;
  }

  function showClock() {
    var now = local(), board = page.board;
    write($("clock"), now.time);
    // Against burn-in: another shade each day, and dark while closed and nothing waits.
    mark(body, "odd", +now.day.slice(8) % 2);
    mark(body, "closed", between(now.time, board.closes, board.opens) && !shown);
  }

  // ---- what sound.js and screen.js hear and ask ----

  var hooks = {call: [], notice: [], tick: []};

  // `call`: the cards that have just become ready; `notice`: a notice frame; `tick`: once a second.
  function on(name, act) {
    hooks[name].push(act);
  }

  function emit(name, data) {
    for (var i = 0; i < hooks[name].length; i++) { hooks[name][i](data); }
  }

  function readyNow() {
    return visible(all(), serverNow()).filter(function (card) { return card.column === "ready"; });
  }

  // Times in ms: how long nothing was heard, and how far this machine's clock is ahead.
  function report() {
    return {
      position: position, silent: Math.round(mono() - lastHeard), transport: rung,
      drift: Math.round(+new Date() - serverNow()), build: page.build,
      drawn: document.querySelectorAll(".tile").length
    };
  }

  // ---- what arrives ----

  function apply(name, data) {
    alive();
    if (name === "hello") {
      cards = {};
      for (var i = 0; i < data.cards.length; i++) { cards[data.cards[i].key] = data.cards[i]; }
    } else if (name === "order") {
      cards[data.card.key] = data.card;
    } else if (name === "gone") {
      delete cards[data.key];
    } else if (name === "notice") {
      notice(data);
      return;
    } else if (name !== "beat") {
      return;
    }
    hear(data.at);
    forget(data.at);
    if (name === "hello" || name === "beat") {
      if (data.digest !== digest(all(), data.at)) { startAfresh(); }
      renew(data);
    }
    if (name !== "beat") { changed(); }
  }

  function forget(at) {
    for (var key in cards) {
      if (cards[key].until !== null && cards[key].until <= at) { delete cards[key]; }
    }
  }

  var fallen = -Infinity;

  function startAfresh() {
    if (mono() - fallen < TIMES.fallen) { return; }
    fallen = mono();
    position = "";
    reopen(0);
  }

  function notice(data) {
    emit("notice", data);
    if (data.code === "restarting" || data.code === "ended") {
      restarting = true;
      pause = data.retry || 200 + Math.random() * 1800;
      showState();
    }
  }

  // A new build or changed settings: the page is fetched anew once, and only when the server really
  // has it, so that a screen never ends on a proxy's error page. window.name outlives a reload and
  // needs no storage.
  var renewing = false;

  function stamp(of) {
    return 'data-build="' + of.build + '" data-revision="' + of.revision + '"';
  }

  function renew(data) {
    if (data.build) { latest.build = data.build; }
    if (data.board && data.board.revision) { latest.revision = String(data.board.revision); }
    var asked = stamp(latest);
    if (asked === stamp(page) || renewing || window.name === asked) { return; }
    renewing = true;
    setTimeout(function () {
      get(location.href.split("#")[0], function (answer) {
        renewing = false;
        if (answer && answer.responseText.indexOf(asked) >= 0) {
          window.name = asked;
          location.reload();
        } else if (asked !== stamp(latest)) {
          renew({});
        }
      });
    }, Math.random() * 1000);
  }

  function get(url, done) {
    var request = new XMLHttpRequest();
    request.open("GET", url, true);
    request.timeout = TIMES.poll;
    request.onreadystatechange = function () {
      if (request.readyState === 4) { done(request.status === 200 ? request : null); }
    };
    request.send();
    return request;
  }

  // ---- transports: EventSource, then WebSocket, then long poll ----

  var RUNGS = ["source", "socket", "poll"];
  var BIAS = {source: 0, socket: 0, poll: 2};
  var failures = {source: 0, socket: 0, poll: 0};
  var open = {
    source: function (give, fail) {
      var source = new EventSource(withPosition(page.feed)), name;
      function listen(name) {
        source.addEventListener(name, function (event) {
          if (event.lastEventId) { position = event.lastEventId; }
          give(name, event.data);
        });
      }
      for (name in {hello: 1, order: 1, gone: 1, notice: 1, beat: 1}) { listen(name); }
      source.onopen = function () { give("", ""); };
      // While CONNECTING the browser tries again by itself, as the stream's retry line told it.
      source.onerror = function () { fail(source.readyState !== 2); };
      return function () { source.close(); };
    },
    socket: function (give, fail) {
      var socket = new WebSocket(withPosition(page.socket));
      socket.onopen = function () { give("", ""); };
      socket.onmessage = function (event) {
        var frame = JSON.parse(event.data);
        if (frame.id) { position = frame.id; }
        give(frame.event, frame.data);
      };
      socket.onclose = socket.onerror = function () { fail(false); };
      return function () {
        socket.onopen = socket.onclose = socket.onerror = socket.onmessage = null;
        socket.close();
      };
    },
    poll: function (give, fail) {
      var stopped = false, request;
      // The first question goes without a position: it is answered at once, whatever has happened.
      function ask(url) {
        request = get(url, function (answer) {
          var type = answer && answer.getResponseHeader("Content-Type");
          if (stopped) { return; }
          if (!type || type.indexOf("text/event-stream") !== 0) { fail(false); return; }
          give("", "");
          frames(answer.responseText, give);
          if (!stopped) { ask(withPosition(page.feed + "?poll=1")); }
        });
      }
      ask(page.feed + "?poll=1");
      return function () {
        stopped = true;
        request.abort();
      };
    }
  };

  // After a longer silence the whole board is asked for: its hello proves at once that all is right,
  // where a stream that merely goes on may have nothing to say until the next beat.
  function withPosition(url) {
    if (!position || mono() - lastHeard >= TIMES.late) { return url; }
    return url + (url.indexOf("?") < 0 ? "?" : "&") + "after=" + encodeURIComponent(position);
  }

  function frames(text, give) {
    var blocks = text.split("\n\n"), i, j, lines, at, frame;
    for (i = 0; i < blocks.length; i++) {
      lines = blocks[i].split("\n");
      frame = {};
      for (j = 0; j < lines.length; j++) {
        at = lines[j].indexOf(": ");
        if (at > 0) { frame[lines[j].slice(0, at)] = lines[j].slice(at + 2); }
      }
      if (frame.id) { position = frame.id; }
      if (frame.event) { give(frame.event, frame.data); }
    }
  }

  // `up`: the transport has opened; `spoke`: a frame came through it, so no proxy holds it back.
  var rung = "", close = null, attempt = 0, tries = 0, timer = 0, up = false, spoke = false;
  var restarting = false, pause = 0, better = TIMES.upgrade;
  var opened = 0, lastHeard = mono();

  function openedUp() {
    opened = mono();
    up = true;
    restarting = false;
    watch();
  }

  function alive() {
    lastHeard = mono();
    if (spoke) { return; }
    spoke = up = true;
    restarting = false;
    tries = pause = failures[rung] = 0;
    release(rung);
    watch();
  }

  function connect() {
    var mine = ++attempt;
    stop();
    rung = choose();
    opened = mono();
    up = spoke = false;
    function given(name, data) {
      if (mine !== attempt) { return; }
      if (!name) { openedUp(); return; }
      try {
        data = typeof data === "string" ? JSON.parse(data) : data;
      } catch (garbage) {
        data = null;
      }
      if (data) { apply(name, data); }
    }
    function failed(goesOn) {
      if (mine !== attempt) { return; }
      if (!goesOn) { lose(); return; }
      if (up) { opened = mono(); }
      up = spoke = false;
      showState();
    }
    try {
      close = open[rung](given, failed);
    } catch (missing) {
      failures[rung] += 100;
      lose();
    }
  }

  function lose() {
    if (!spoke) { failures[rung]++; }
    var wait = pause || Math.min(TIMES.most, TIMES.first * Math.pow(2, tries++));
    pause = 0;
    reopen(wait * (0.7 + 0.6 * Math.random()));
  }

  function reopen(wait) {
    attempt++;
    stop();
    clearTimeout(timer);
    timer = setTimeout(connect, wait);
    up = spoke = false;
    opened = mono() + wait;
    showState();
  }

  function stop() {
    var closing = close;
    close = null;
    if (closing) { try { closing(); } catch (gone) { /* it was closed already */ } }
  }

  function choose() {
    var best = "", i, name, cost, least = Infinity;
    for (i = 0; i < RUNGS.length; i++) {
      name = RUNGS[i];
      cost = failures[name] + BIAS[name] + (name === "source" && !takeLease() ? 1 : 0);
      if (cost < least) { least = cost; best = name; }
    }
    if (best !== "source") { dropLease(); }
    return best;
  }

  // Every transport fails while the server is away, so a lesser one may win the race when it is back.
  function release(name) {
    if (name !== "poll") { better = TIMES.upgrade; return; }
    var mine = attempt;
    setTimeout(function () {
      if (mine !== attempt || rung !== "poll") { return; }
      failures.source = failures.socket = 0;
      reopen(0);
    }, better);
    better = Math.min(better * 4, 3600000);
  }

  // ---- leases: a browser opens six connections to a host, all its tabs together -------------------

  var lease = "readyboard-stream-" + Math.random().toString(36).slice(2), taken = 0;

  function storage(use) {
    try { return use(window.localStorage); } catch (forbidden) { return 0; }
  }

  function now() {
    return +new Date();
  }

  function older() {
    return storage(function (store) {
      var count = 0, i, name, parts;
      for (i = store.length - 1; i >= 0; i--) {
        name = store.key(i);
        if (!name || name.indexOf("readyboard-stream-") || name === lease) { continue; }
        parts = store.getItem(name).split(" ");
        if (Math.abs(now() - parts[1]) > TIMES.leased) {
          store.removeItem(name);
        } else if (!taken || parts[0] < taken || (+parts[0] === taken && name < lease)) {
          count++;
        }
      }
      return count;
    });
  }

  function takeLease() {
    if (older() >= MOST_STREAMS) { dropLease(); return false; }
    taken = taken || now();
    storage(function (store) { store.setItem(lease, taken + " " + now()); });
    return older() < MOST_STREAMS;
  }

  function dropLease() {
    taken = 0;
    storage(function (store) { store.removeItem(lease); });
  }

  function renewLease() {
    if (rung === "source" && !takeLease() && !failures.socket) { reopen(0); }
  }

  // ---- freshness ----

  function watch() {
    var silent = mono() - lastHeard;
    var limit = rung === "poll" ? TIMES.poll : up ? TIMES.silent : TIMES.opening;
    if (mono() - Math.max(opened, up ? lastHeard : 0) > limit) { lose(); }
    mark(body, "unsure", silent >= TIMES.late);
    mark(body, "warned", silent >= TIMES.warn);
    mark(body, "dim", silent >= TIMES.dim);
    mark($("late"), "away", silent < TIMES.late);
    write($("late"), silent >= TIMES.warn ? page.words.stale : "");
    showState();
  }

  function showState() {
    var silent = mono() - lastHeard, word = up ? "live" : "connecting";
    if (restarting) { word = "restarting"; }
    if (silent >= TIMES.late) { word = "lost"; }
    write($("state"), page.words[word]);
  }

  // ---- drawing ----

  var lastDrawn = -Infinity, drawn = "", drawing = 0, shown = 0, turning = false, nextEnd = Infinity;
  var columns = [], known = null, calling = {}, called = 0, callWaiting = [];

  function changed() {
    if (drawing) { return; }
    var wait = lastDrawn + TIMES.gather - mono();
    if (wait <= 0) { draw(); } else { drawing = setTimeout(draw, wait); }
  }

  function draw() {
    var at = serverNow(), seen = visible(all(), at), by = {ready: [], host: [], preparing: []}, i, now;
    clearTimeout(drawing);
    drawing = 0;
    nextEnd = Infinity;
    for (i = 0; i < seen.length; i++) {
      by[asked(seen[i], at) ? "host" : COLUMNS[seen[i].column]].push(seen[i]);
      if (seen[i].until !== null) { nextEnd = Math.min(nextEnd, seen[i].until); }
    }
    now = [digest(seen, at), by.host.length, window.innerWidth, window.innerHeight].join();
    if (now !== drawn || turning) { lastDrawn = mono(); } // else the next change need not wait
    drawn = now;
    shown = seen.length;
    mark(body, "idle", !shown);
    announce(by.ready);
    body.querySelector(".lists").className = "lists hosts-" + Math.min(MOST_HOSTS, by.host.length);
    for (i = 0; i < columns.length; i++) { columns[i].lay(by[columns[i].name], turning, at); }
    turning = false;
  }

  // Ready for so long that its guest is asked to the counter.
  function asked(card, at) {
    if (card.column !== "ready" || !page.board.please_minutes) { return false; }
    var since = card.since + page.board.please_minutes * 60000;
    if (at < since) { nextEnd = Math.min(nextEnd, since); }
    return at >= since;
  }

  function announce(ready) {
    var before = known, lines = [], called = [], i, card, what;
    known = {};
    for (i = 0; i < ready.length; i++) {
      card = ready[i];
      if (card.column !== "ready") { continue; }
      known[card.key] = true;
      if (!before || before[card.key]) { continue; }
      what = [card.number, card.name].filter(Boolean).join(" ");
      lines.push(say(card.place ? "called_at" : "called", {order: what, place: card.place}));
      callWaiting.push(card.key);
      called.push(card);
    }
    if (called.length) { emit("call", called); }
    if (lines.length) { write($("say"), lines.slice(0, 5).join(". ")); }
    if (callWaiting.length) { callOut(); }
  }

  // One call-out at a time: what becomes ready within `share` joins it, the rest waits for its end.
  function callOut() {
    var since = mono() - called;
    if (called && since >= TIMES.share && since < TIMES.call) { return; }
    if (!called || since >= TIMES.call) {
      called = mono();
      calling = {};
      setTimeout(function () {
        called = 0;
        calling = {};
        if (callWaiting.length) { callOut(); }
        accent();
      }, TIMES.call);
    }
    while (callWaiting.length) { calling[callWaiting.pop()] = true; }
    accent();
  }

  function accent() {
    for (var i = 0; i < columns.length; i++) { columns[i].accent(serverNow()); }
  }

  function Column(list) {
    this.list = list;
    this.name = list.id;
    this.slots = [];
    this.keys = {};
    this.page = 0;
    this.pages = 1;
    this.size = 0;
    this.shown = {};
  }

  Column.prototype.lay = function (list, turn, at) {
    var size = this.capacity(), keys = {}, byKey = {}, fresh = [], i, key, anew;
    for (i = 0; i < list.length; i++) {
      key = list[i].key;
      keys[key] = i;
      byKey[key] = list[i];
      if (list.length <= size ? this.slots.indexOf(key) < 0 : this.keys[key] === undefined) {
        fresh.push(key);
      }
    }
    for (i = 0; i < this.slots.length; i++) {
      if (this.slots[i] && keys[this.slots[i]] === undefined) { this.slots[i] = null; }
    }
    anew = size !== this.size || (turn && this.pages > 1) || !list.length;
    for (i = 0; i < fresh.length && !anew; i++) {
      anew = !this.take(fresh[i], keys, list.length > size);
    }
    this.share(list, size, at);
    if (anew) { this.layAnew(turn, fresh); }
    this.keys = keys;
    this.count(list.length);
    this.paint(byKey, at);
  };

  // A free slot for a new card; false if the column has to be laid out anew for it. Ready takes the
  // first; preparing keeps its numbers ascending, and while it pages it waits for the next page.
  Column.prototype.take = function (key, keys, paging) {
    var i, after = -1, before = this.slots.length;
    if (this.name === "preparing") {
      if (paging) { return this.pages > 1; }
      for (i = 0; i < this.slots.length; i++) {
        if (!this.slots[i]) { continue; }
        if (keys[this.slots[i]] < keys[key]) { after = i; } else if (before > i) { before = i; }
      }
    }
    for (i = after + 1; i < before; i++) {
      if (!this.slots[i]) { this.slots[i] = key; return true; }
    }
    return false;
  };

  // Which cards stand on every page, and how many pages the rest needs.
  Column.prototype.share = function (list, size, at) {
    var i, most = list.length > size && this.name === "ready" ? Math.floor(size / 2) : 0;
    this.size = size;
    this.pins = [];
    this.rest = [];
    for (i = 0; i < list.length; i++) {
      if (this.pins.length < most && list[i].column === "ready" &&
          at - list[i].since < TIMES.pinned) {
        this.pins.push(list[i].key);
      } else {
        this.rest.push(list[i].key);
      }
    }
    this.each = size - this.pins.length;
    this.pages = Math.min(MOST_PAGES, Math.max(1, Math.ceil(this.rest.length / this.each)));
  };

  Column.prototype.layAnew = function (turn, fresh) {
    var each = this.each, pinned = true, i;
    for (i = 0; i < fresh.length; i++) { pinned = pinned && this.pins.indexOf(fresh[i]) >= 0; }
    if (turn) { this.page++; } else if (!pinned) { this.page = 0; }
    if (this.page >= this.pages) { this.page = turn ? 0 : this.pages - 1; }
    this.slots = this.pins.concat(this.rest.slice(this.page * each, (this.page + 1) * each));
    while (this.slots.length < this.size) { this.slots.push(null); }
  };

  // How many slots the style sheet gives this list on this screen.
  Column.prototype.capacity = function () {
    var probe = this.list.querySelector("li"), box = this.list.getBoundingClientRect(), slot, fits;
    if (!probe) {
      probe = this.list.appendChild(element("li", "slot", ""));
    }
    slot = probe.getBoundingClientRect();
    fits = Math.floor(box.width / slot.width + 0.05) * Math.floor(box.height / slot.height + 0.05);
    return fits > 0 && fits < 1000 ? fits : 1;
  };

  Column.prototype.count = function (total) {
    var more = this.rest.length - this.pages * this.each;
    var text = this.pages > 1 ? this.page + 1 + "/" + this.pages : "";
    if (more > 0) { text += (text ? "\u2002" : "") + say("more", {count: more}); }
    write($("more-" + this.name), text);
    mark(this.list.parentNode, "paged", this.pages > 1);
    mark($("empty-" + this.name), "away", total > 0);
  };

  Column.prototype.paint = function (byKey, at) {
    var list = this.list, i, key, was, now, made;
    for (i = 0; i < this.slots.length; i++) {
      key = this.slots[i];
      now = key ? JSON.stringify(byKey[key]) + label(byKey[key], this.name) : "";
      was = list.childNodes[i];
      if (was && was.readyboard === now) { continue; }
      made = key ? tile(byKey[key], this.name) : element("li", "slot blank", "");
      if (!key) { made.setAttribute("aria-hidden", "true"); }
      made.readyboard = now;
      if (was) { list.replaceChild(made, was); } else { list.appendChild(made); }
    }
    while (list.childNodes.length > this.slots.length) { list.removeChild(list.lastChild); }
    this.shown = byKey;
    this.accent(at);
  };

  Column.prototype.accent = function (at) {
    var i, card, box;
    for (i = 0; i < this.slots.length; i++) {
      card = this.slots[i] && this.shown[this.slots[i]];
      if (!card || card.column !== "ready" || this.name === "host") { continue; }
      box = this.list.childNodes[i].firstChild;
      mark(box, "fresh", at - card.since < TIMES.fresh);
      mark(box, "call", calling[card.key]);
    }
  };

  // The same element as templates/board_tile.html.
  function tile(card, lane) {
    var slot = element("li", "slot", ""), name = card.name || "";
    var number = shorten(card.number || "");
    // Of an alias no letter may be missing: cut short, several would look the same.
    if (page.board.shows !== "alias") { name = shorten(name); }
    var box = element("div", "tile " + (lane === "host" ? lane : card.column) + (card.place || card.column === "collected" ? " two" : ""), "");
    var who = element("span", "who", ""), place, tick, text = label(card, lane);
    box.setAttribute("data-key", card.key);
    if (card.stations_ready.length && !number) { mark(box, "tight", true); }
    if (number) { add(box, "b", "number s" + fit(number), number); }
    if (name) { add(who, "b", "name s" + fit(name) + (number ? "" : " only"), name); }
    if (card.place) {
      place = add(who, "span", "place s" + fit("\u2192 " + card.place), "");
      place.appendChild(element("i", "", "\u2192 ")).setAttribute("aria-hidden", "true");
      place.appendChild(document.createTextNode(card.place));
    }
    if (card.stations_ready.length) {
      place = add(who, "span", "label", "");
      tick = place.appendChild(element("span", "", ""));
      tick.setAttribute("aria-hidden", "true");
      tick.appendChild(element("i", "tick", ""));
      tick.appendChild(document.createTextNode(card.stations_ready.join(", ")));
      place.appendChild(element("span", "sr", text));
    } else if (text) {
      add(who, "span", "label s" + fit(text), text);
    }
    box.appendChild(who);
    slot.appendChild(box);
    return slot;
  }

  function add(parent, tag, classes, text) {
    var made = parent.appendChild(element(tag, classes, text));
    parent.appendChild(document.createTextNode(" "));
    return made;
  }

  function element(tag, classes, text) {
    var made = document.createElement(tag);
    made.className = classes;
    made.textContent = text;
    return made;
  }

  function label(card, lane) {
    if (lane === "host" && card.column === "ready") { return page.words.please; }
    if (card.column === "host" || card.column === "collected") { return page.words[card.column]; }
    if (card.stations_ready.length) { return say("station", {name: card.stations_ready.join(", ")}); }
    return card.wait ? say("wait", {from: card.wait[0], to: card.wait[1]}) : "";
  }

  // ---- running ----

  function tick() {
    watch();
    showClock();
    accent();
    if (serverNow() >= nextEnd) { changed(); }
    emit("tick");
  }

  function turn() {
    for (var i = 0; i < columns.length; i++) {
      if (columns[i].pages > 1) { turning = true; }
    }
    if (page.languages.length > 1) { speak(); }
    if (turning || page.languages.length > 1) { changed(); }
  }

  // The board's two languages take turns.
  function speak() {
    page.words = page.languages[page.words === page.languages[0] ? 1 : 0];
    document.documentElement.lang = page.words.language;
    document.documentElement.dir = page.words.direction;
    for (var i = 0; i < columns.length; i++) {
      write($("head-" + columns[i].name).lastChild, page.words[columns[i].name]);
      write($("empty-" + columns[i].name), page.words["no_" + columns[i].name]);
    }
    showState();
  }

  function rotate(lines) {
    var shown = 0;
    if (lines.length < 2) { return; }
    setInterval(function () {
      shown = (shown + 1) % lines.length;
      write($("notice"), lines[shown]);
    }, TIMES.notice);
  }

  function shift() {
    var step = 0;
    setInterval(function () {
      mark(body, "shift" + step, false);
      step = (step + 1) % 4;
      mark(body, "shift" + step, true);
    }, TIMES.shift);
  }

  function stayAwake() {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) { return; }
    try { navigator.wakeLock.request("screen").then(null, function () {}); } catch (no) { /* fine */ }
  }

  function start() {
    var lists = document.querySelectorAll("ol.list"), hello, i;
    for (i = 0; i < lists.length; i++) { columns.push(new Column(lists[i])); }
    hello = JSON.parse(body.getAttribute("data-hello"));
    for (i = 0; i < hello.cards.length; i++) { cards[hello.cards[i].key] = hello.cards[i]; }
    hear(hello.at);
    draw();
    lastDrawn = -Infinity;
    connect();
    rotate((hello.board.notice || "").split("\n"));
    setInterval(tick, TIMES.tick);
    setInterval(turn, TIMES.page);
    setInterval(renewLease, TIMES.lease);
    shift();
    stayAwake();
    window.addEventListener("load", changed); // older engines draw once before the styles are there
    window.addEventListener("resize", changed);
    window.addEventListener("online", function () { reopen(0); });
    window.addEventListener("pagehide", function () { stop(); dropLease(); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { reopen(0); } });
    document.addEventListener("visibilitychange", stayAwake);
  }

  window.Readyboard = {
    apply: apply, visible: visible, digest: digest, shorten: shorten, fit: fit, times: TIMES,
    on: on, get: get, now: serverNow, local: local, between: between, report: report,
    ready: readyNow, board: page.board
  };
  start();
}(window, document));
