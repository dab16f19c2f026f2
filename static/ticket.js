/* A guest's ticket. ES5, no library. The server has drawn the page; this keeps it true while it is
   open, and calls its guest: colour, words, title, vibration, sound. */
(function (window, document) {
  "use strict";

  var TIMES = {
    late: 15000,
    warn: 45000,
    silent: 25000,    // an open stream without a frame for so long is dead
    opening: 8000,    // so is one that never spoke
    poll: 40000,
    first: 500,       // wait before the first new attempt, doubled up to `most`
    most: 8000,
    renew: 60000,     // how often the waiting time is asked for anew
    ring: 4000
  };
  var RUNGS = ["source", "socket", "poll"], RINGS = 3;
  var CALLING = {ready: 1, host: 1}, WAITING = {received: 1, preparing: 1};
  var Audio = window.AudioContext || window.webkitAudioContext;
  var body = document.body;
  var words = JSON.parse(body.getAttribute("data-words"));
  var known = JSON.parse(body.getAttribute("data-ticket"));
  var base = address(body.getAttribute("data-base"));
  var position = known.position, asked = now();

  function address(relative) {
    var a = document.createElement("a");
    a.href = relative;
    return a.href;
  }

  function $(id) { return document.getElementById(id); }

  function now() { return +new Date(); }

  function show(element, on) {
    if (element) { element.classList[on ? "remove" : "add"]("off"); }
  }

  function write(element, text) {
    if (element && element.textContent !== text) { element.textContent = text; }
  }

  // ---- drawing -------------------------------------------------------------------------------

  function draw() {
    var t = known.ticket, big = t.number || t.name || words.your_order, wait = waiting();
    write($("big"), big);
    $("big").className = "l" + Math.floor((Math.min(big.length, 22) + 2) / 3);
    show(document.querySelector(".label"), t.number);
    write($("name"), t.name || "");
    show($("name"), t.number && t.name);
    write($("word"), words[t.state]);
    write($("text"), words[t.state + "_text"]);
    write(document.querySelector("#place b"), t.place);
    show($("place"), t.place);
    write($("wait"), wait);
    show($("wait"), wait);
    write($("here-said"), t.here ? $("here").getAttribute("data-said") : "");
    show($("here"), t.may_arrive);
    show($("sound"), Audio && !t.until);
    show($("notify"), !t.until);
    body.className = t.state + (ringing ? " call" : "");
    title();
  }

  // The minutes that have passed since they were told are gone from both ends.
  function waiting() {
    var wait = known.ticket.wait, passed = Math.floor((now() - asked) / 60000);
    if (!wait || wait[1] - passed < 1) { return ""; }
    if (wait[1] - passed === 1) { return words.wait_one; }
    return words.wait.replace("{from}", Math.max(1, wait[0] - passed))
      .replace("{to}", wait[1] - passed);
  }

  // ---- calling the guest -----------------------------------------------------------------------

  var ringing = 0, rings = 0, blink = false, touched = false, sound = null;

  function title() {
    var t = known.ticket, who = [t.number, t.name].filter(Boolean).join(" ") || words.your_order;
    var text = words[t.state] + " \u00b7 " + who;
    document.title = blink ? "\u25cf\u25cf\u25cf " + who : text;
  }

  function calm() {
    return window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function call() {
    hush();
    rings = RINGS;
    ringing = setInterval(ring, TIMES.ring);
    ring();
  }

  function ring() {
    if (rings-- < 1) { hush(); return; }
    // Browsers refuse both, and complain, before the page was touched.
    if (touched && navigator.vibrate) { navigator.vibrate([400, 200, 400, 200, 800]); }
    if (sound) { chime(); }
  }

  function hush() {
    clearInterval(ringing);
    ringing = 0;
  }

  // Two falling notes, made here: no file to fetch at the very moment it is needed.
  function chime() {
    tone(880, 0, 0.45);
    tone(659, 0.35, 0.7);
  }

  function tone(pitch, after, length) {
    var from = sound.currentTime + after, note = sound.createOscillator(), gain = sound.createGain();
    note.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, from);
    gain.gain.exponentialRampToValueAtTime(0.6, from + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, from + length);
    note.connect(gain);
    gain.connect(sound.destination);
    note.start(from);
    note.stop(from + length);
  }

  function turnSound() {
    if (sound) {
      sound.close();
      sound = null;
    } else {
      sound = new Audio();
      if (sound.resume) { sound.resume(); }
      chime();
    }
    write($("sound"), sound ? words.sound_on : words.sound_off);
    $("sound").setAttribute("data-on", sound ? "1" : "0");
  }

  // ---- what arrives ------------------------------------------------------------------------------

  function apply(name, data) {
    heard();
    if (name === "ticket" && data.seq > known.seq) {
      data.ticket.wait = known.ticket.wait;
      take({seq: data.seq, ticket: data.ticket, position: known.position}, asked);
      if (WAITING[data.ticket.state]) { renew(); }
    } else if (name === "gone" || (name === "hello" && data.seq !== known.seq)) {
      renew();
    } else if (name === "notice") {
      pause = data.retry || 1000;
    }
    if (data.build && data.build !== known.build) { reload(data.build); }
  }

  function take(news, at) {
    var before = known.ticket.state, state = news.ticket.state;
    known = {seq: news.seq, ticket: news.ticket, position: news.position, build: known.build};
    asked = at;
    if (state !== before) {
      if (CALLING[state]) { call(); } else { hush(); }
    }
    draw();
  }

  // The whole ticket, with its waiting time. A proxy's own page is no answer.
  function renew() {
    renewed = now();
    ask("GET", base + ".json", function (request) {
      var news = json(request);
      if (news && request.status === 200 && news.ticket) {
        lastHeard = now();
        // A frame may have overtaken it; in another life of the venue all counts anew.
        if (news.seq >= known.seq || epoch(news) !== epoch(known)) { take(news, now()); }
      } else if (news && news.type === "ticket-not-found") {
        location.reload();
      }
    });
  }

  function epoch(of) { return of.position.split(".")[1]; }

  function json(request) {
    try { return JSON.parse(request.responseText); } catch (garbage) { return null; }
  }

  function ask(method, url, done) {
    var request = new XMLHttpRequest();
    request.open(method, url, true);
    request.timeout = TIMES.poll;
    request.onreadystatechange = function () { if (request.readyState === 4) { done(request); } };
    request.send();
    return request;
  }

  // A newer program serves a newer page: fetched once, and only when it is really there.
  function reload(build) {
    if (window.name === build) { return; }
    window.name = build;
    ask("GET", location.href.split("#")[0], function (request) {
      if (request.status === 200 && request.responseText.indexOf("/" + build + "/") > 0) {
        location.reload();
      } else {
        window.name = "";
      }
    });
  }

  // ---- transports: EventSource, then WebSocket, then long poll -------------------------------------

  var open = {
    source: function (give, fail) {
      var source = new EventSource(withPosition(base + "/feed")), name;
      function listen(name) {
        source.addEventListener(name, function (event) {
          if (event.lastEventId) { position = event.lastEventId; }
          give(name, event.data);
        });
      }
      for (name in {hello: 1, ticket: 1, gone: 1, notice: 1, beat: 1}) { listen(name); }
      source.onopen = function () { give("", ""); };
      source.onerror = function () { fail(); };
      return function () { source.close(); };
    },
    socket: function (give, fail) {
      var socket = new WebSocket(withPosition(base.replace(/^http/, "ws") + "/ws"));
      socket.onopen = function () { give("", ""); };
      socket.onmessage = function (event) {
        var frame = JSON.parse(event.data);
        if (frame.id) { position = frame.id; }
        give(frame.event, JSON.stringify(frame.data));
      };
      socket.onclose = socket.onerror = function () { fail(); };
      return function () {
        socket.onopen = socket.onclose = socket.onerror = socket.onmessage = null;
        socket.close();
      };
    },
    poll: function (give, fail) {
      var stopped = false, request;
      // The first question goes without a position: it is answered at once, whatever has happened.
      function next(url) {
        request = ask("GET", url, function (answer) {
          var type = answer.getResponseHeader("Content-Type") || "";
          if (stopped) { return; }
          if (answer.status !== 200 || type.indexOf("text/event-stream")) { fail(); return; }
          give("", "");
          read(answer.responseText, give);
          if (!stopped) { next(withPosition(base + "/feed?poll=1")); }
        });
      }
      next(base + "/feed?poll=1");
      return function () {
        stopped = true;
        request.abort();
      };
    }
  };

  function read(text, give) {
    var blocks = text.split("\n\n"), i, found;
    for (i = 0; i < blocks.length; i++) {
      found = /^id: (.*)$/m.exec(blocks[i]);
      if (found) { position = found[1]; }
      found = /^event: (.*)\ndata: (.*)$/m.exec(blocks[i]);
      if (found) { give(found[1], found[2]); }
    }
  }

  // After a longer silence its `hello` proves at once that all is right.
  function withPosition(url) {
    if (!position || now() - lastHeard >= TIMES.late) { return url; }
    return url + (url.indexOf("?") < 0 ? "?" : "&") + "after=" + encodeURIComponent(position);
  }

  var rung = 0, close = null, attempt = 0, tries = 0, timer = 0, up = false, spoke = false;
  var pause = 0, opened = 0, lastHeard = now();

  function heard() {
    lastHeard = now();
    spoke = up = true;
    tries = pause = 0;
    watch();
  }

  function connect() {
    var mine = ++attempt;
    stop();
    opened = now();
    up = spoke = false;
    try {
      close = open[RUNGS[rung]](function (name, data) {
        var told = null;
        if (mine !== attempt) { return; }
        if (!name) { up = true; opened = now(); return; }
        try { told = JSON.parse(data); } catch (garbage) { /* not ours */ }
        if (told) { apply(name, told); }
      }, function () {
        if (mine === attempt) { lose(); }
      });
    } catch (missing) {
      lose();
    }
  }

  // A way that never brought anything gives way to the next; after the last it starts over.
  function lose() {
    if (!spoke) { rung = (rung + 1) % RUNGS.length; }
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
    opened = now() + wait;
  }

  function stop() {
    var closing = close;
    close = null;
    if (closing) { try { closing(); } catch (gone) { /* it was closed already */ } }
  }

  function watch() {
    var silent = now() - lastHeard;
    var limit = RUNGS[rung] === "poll" ? TIMES.poll : up ? TIMES.silent : TIMES.opening;
    if (now() - Math.max(opened, up ? lastHeard : 0) > limit) { lose(); }
    write($("late"), silent < TIMES.late ? "" : silent < TIMES.warn ? words.late : words.stale);
    show($("late"), silent >= TIMES.late);
  }

  // ---- running -------------------------------------------------------------------------------------

  function tick() {
    var t = known.ticket;
    watch();
    blink = !!CALLING[t.state] && !calm() && !blink;
    if (t.until && now() - offset >= t.until) { renew(); t.until = null; }
    if (WAITING[t.state] && now() - renewed >= TIMES.renew && !document.hidden) { renew(); }
    draw();
  }

  var offset = now() - known.at, renewed = now();

  function stayAwake() {
    if (document.hidden) { return; }
    if (now() - lastHeard >= TIMES.late) { rung = 0; reopen(0); }
    if (!navigator.wakeLock) { return; }
    try { navigator.wakeLock.request("screen").then(null, function () {}); } catch (no) { /* fine */ }
  }

  function pressHere(event) {
    var button = $("here").querySelector("button");
    event.preventDefault();
    button.disabled = true;
    ask("POST", $("here").action, function () {
      button.disabled = false;
      renew();
    });
  }

  function touch() {
    touched = true;
    hush();
  }

  function start() {
    draw();
    connect();
    setInterval(tick, 1000);
    $("here").addEventListener("submit", pressHere);
    $("sound").addEventListener("click", turnSound);
    document.addEventListener("touchend", touch);
    document.addEventListener("click", touch);
    document.addEventListener("visibilitychange", stayAwake);
    window.addEventListener("online", function () { rung = 0; reopen(0); });
    window.addEventListener("pagehide", stop);
    window.addEventListener("pageshow", function (event) { if (event.persisted) { reopen(0); } });
    stayAwake();
  }

  window.Ticket = {times: TIMES};
  start();
}(window, document));
