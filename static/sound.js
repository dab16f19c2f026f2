/* What a board is heard saying: a chime, and then the number. Loaded after board.js where sound is
   switched on. ES5 as board.js is; one <audio> element, because some browsers let only that one
   speak which a key press has started. */
(function (window, document) {
  "use strict";

  var TIMES = {
    gap: 4000,                 // from the beginning of a call to the next
    repeats: [120000, 300000], // after an order became ready
    check: 5000,               // a test that neither plays nor fails by then was refused
    longest: 20000,
    retest: 60000
  };
  var MOST_WAITING = 5, LONGEST_NUMBER = 8;
  var board = window.Readyboard.board, body = document.body;
  var words = JSON.parse(body.getAttribute("data-words"))[0];
  var files = document.querySelector("script[src*='/sound.js']").src.replace(/sound\.js.*$/, "sounds/");
  var CHIME = {url: files + "chime.wav"}, SILENCE = {url: files + "silence.wav"};
  var languages = [board.language].concat(board.second_language || []);

  // ---- one sound after the other ---------------------------------------------------------------

  var audio = body.appendChild(document.createElement("audio")), playing = 0;

  // `done` is told "played", "refused" (the browser wants a key press first) or "broken". What is
  // cut short by a later sound tells nobody.
  function play(step, limit, done) {
    var mine = ++playing, timer, promise;
    function end(how) {
      if (mine !== playing) { return; }
      playing++;
      clearTimeout(timer);
      done(how);
    }
    audio.onended = function () { end("played"); };
    audio.onerror = function () { end("broken"); };
    audio.src = step.url;
    audio.muted = !!step.muted;
    audio.volume = board.volume / 100;
    // Engines that promise nothing refuse without a word, and stay paused.
    timer = setTimeout(function () { end(audio.paused ? "refused" : "broken"); }, limit);
    promise = audio.play && audio.play(); // some engines have no sound at all
    if (promise && promise.then) {
      promise.then(null, function (error) {
        end(error.name === "NotAllowedError" ? "refused" : "broken");
      });
    }
  }

  function playAll(steps, limit, done) {
    play(steps[0], limit, function (how) {
      if (how !== "played" || steps.length === 1) { done(how); return; }
      playAll(steps.slice(1), limit, done);
    });
  }

  function speech(language, text, please) {
    return {
      url: body.getAttribute("data-base") + "/call/" + language + "/" + encodeURIComponent(text) +
        ".wav?build=" + body.getAttribute("data-build") + (please ? "&please=1" : "")
    };
  }

  // ---- may we be heard, and can we -------------------------------------------------------------

  var OUTCOMES = {played: "on", refused: "locked", broken: "failed"};
  var WORDS = {locked: words.press, failed: words.no_sound};
  var found = "", checking = false, checked = 0, prompt = makePrompt();

  function quiet() {
    var here = window.Readyboard;
    return here.between(here.local().time, board.quiet_from, board.quiet_to);
  }

  function makePrompt() {
    var made = document.createElement("button");
    made.type = "button";
    made.id = "sound";
    made.className = "sound away";
    made.lang = words.language;
    return document.querySelector(".top").appendChild(made);
  }

  // Also heard when a call was refused or broke: what was found out last is what holds.
  function settle(how) {
    found = OUTCOMES[how];
    if (found === "locked") { waiting = []; }
    show();
  }

  function show() {
    var word = WORDS[found] || "";
    sound.state = found === "on" && quiet() ? "quiet" : found || "locked";
    if (prompt.textContent === word) { return; }
    prompt.textContent = word;
    prompt.classList[word ? "remove" : "add"]("away");
    body.classList[word ? "add" : "remove"]("soundless");
    // A remote control's OK goes to what has the focus.
    if (word) { prompt.focus(); }
  }

  // `audible` first, to learn whether the browser lets us; then, unheard, whether speech comes.
  function check(audible) {
    var steps = [audible], unheard;
    if (checking) { return; }
    if (board.sound === "speech") {
      unheard = speech(languages[0], "test");
      unheard.muted = true;
      steps.push(unheard);
    }
    checking = true;
    checked = window.Readyboard.now();
    playAll(steps, TIMES.check, function (how) {
      checking = false;
      settle(how);
      next();
    });
  }

  function pressed() {
    if (found !== "on" && !calling) { check(quiet() ? SILENCE : CHIME); }
  }

  // ---- calls -------------------------------------------------------------------------------------

  var waiting = [], calling = false, turn = 0, told = {};

  function textOf(card) {
    var number = (card.number || "").toUpperCase();
    if (/^-*[A-Z0-9][A-Z0-9-]*$/.test(number) && number.length <= LONGEST_NUMBER) { return number; }
    if (board.shows === "alias" && card.name) {
      return ["alias", board.language].concat(card.name.split(" ")).join("-");
    }
    return "one";
  }

  function add(card, again) {
    if (sound.state !== "on" && sound.state !== "failed" || quiet()) { return; }
    waiting.push({key: card.key, text: textOf(card), please: again && !card.place});
  }

  function stillReady(key) {
    return window.Readyboard.ready().some(function (card) { return card.key === key; });
  }

  function next() {
    var call, steps = [CHIME], open = 2;
    waiting = waiting.filter(function (each) { return !each.key || stillReady(each.key); });
    if (calling || checking || !waiting.length) { return; }
    if (waiting.length > MOST_WAITING) { waiting = [{text: "several"}]; }
    call = waiting.shift();
    if (board.sound === "speech") {
      steps.push(speech(languages[turn++ % languages.length], call.text, call.please));
    }
    calling = true;
    function done() {
      if (--open) { return; }
      calling = false;
      next();
    }
    setTimeout(done, TIMES.gap);
    playAll(steps, TIMES.longest, function (how) {
      settle(how);
      done();
    });
  }

  function passed(age) {
    return TIMES.repeats.filter(function (after) { return age >= after; }).length;
  }

  // What had waited longer before the page was opened is not called once more.
  function remind() {
    var now = window.Readyboard.now(), before = told;
    told = {};
    window.Readyboard.ready().forEach(function (card) {
      var due = passed(now - card.since), last = before[card.key];
      if (last && last.since === card.since && due > last.due) { add(card, true); }
      told[card.key] = {since: card.since, due: due};
    });
  }

  function tick() {
    if (board.repeat_calls) { remind(); }
    if (found === "failed" && !calling && window.Readyboard.now() - checked > TIMES.retest) {
      check(SILENCE);
    }
    show();
    next();
  }

  // `state`: off, locked (the browser wants a key press), on, quiet (its hours), failed.
  var sound = {
    state: "locked",
    times: TIMES,
    test: function () {
      waiting.unshift({text: "test"});
      next();
    }
  };

  window.Readyboard.sound = sound;
  if (board.sound === "off") { sound.state = "off"; return; }
  window.Readyboard.on("call", function (cards) {
    cards.forEach(function (card) { add(card, false); });
    next();
  });
  window.Readyboard.on("tick", tick);
  ["keydown", "mousedown", "touchend", "click"].forEach(function (name) {
    document.addEventListener(name, pressed, true);
  });
  check(SILENCE);
}(window, document));
