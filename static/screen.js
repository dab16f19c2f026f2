/* A paired screen reports for duty. Loaded after board.js on the board a screen belongs to;
   classic ES5 for engines from Chromium 38 on. */
(function (window, document, board) {
  "use strict";

  var TIMES = board.times, NAMED = 10000;
  var body = document.body, own = body.getAttribute("data-screen");
  var root = body.getAttribute("data-root"), at = body.getAttribute("data-at");
  var timer = 0, sign = null;
  TIMES.report = TIMES.report || 30000;

  function told() {
    var said = board.report();
    said.visible = document.visibilityState !== "hidden";
    said.sound = board.sound && board.sound.state ? String(board.sound.state) : "";
    said.width = window.innerWidth;
    said.height = window.innerHeight;
    return said;
  }

  // `then`, if given, gets the server's answer: this screen's name and the address of its board.
  function report(then) {
    var request = new XMLHttpRequest();
    again(TIMES.report);
    request.open("POST", root + "/tv/report", true);
    request.setRequestHeader("Content-Type", "application/json");
    request.timeout = TIMES.report;
    request.onreadystatechange = function () {
      var answer;
      if (request.readyState !== 4) { return; }
      answer = read(request.responseText);
      if (request.status === 401 && answer && answer.type === "screen-revoked") {
        go(root + "/tv");
      } else if (request.status === 200 && answer && answer.address) {
        if (answer.address !== at) { go(answer.address); } else if (then) { then(answer); }
      }
    };
    request.send(JSON.stringify(told()));
  }

  function read(text) {
    try { return JSON.parse(text); } catch (garbage) { return null; }
  }

  function again(wait) {
    clearTimeout(timer);
    timer = setTimeout(function () { report(); }, wait);
  }

  // Only when the page is really there: a screen must never end on a proxy's error page.
  function go(address) {
    board.get(address, function (answer) {
      if (answer && answer.responseText.indexOf("data-build=") >= 0) {
        window.location.replace(address);
      }
    });
  }

  function identify(answer) {
    var mine = document.createElement("p"), words = answer.name.split(" "), longest = 1, i;
    for (i = 0; i < words.length; i++) { longest = Math.max(longest, words[i].length); }
    mine.className = "identify";
    mine.setAttribute("role", "status");
    mine.textContent = answer.name;
    mine.style.fontSize =
      Math.min(28, 140 / longest, 54 / Math.sqrt(answer.name.length)) + "vw";
    if (sign) { body.removeChild(sign); }
    sign = body.appendChild(mine);
    setTimeout(function () {
      if (sign === mine) { body.removeChild(mine); sign = null; }
    }, NAMED);
  }

  board.on("notice", function (notice) {
    if (notice.code === "ended") { report(); return; }
    if (notice.text !== own) { return; }
    if (notice.code === "identify") { report(identify); }
    if (notice.code === "move") { report(); }
    if (notice.code === "reload") { go(window.location.href); }
    if (notice.code === "test-sound" && board.sound && board.sound.test) { board.sound.test(); }
  });

  again(Math.min(1000, TIMES.report));
  board.screen = {report: report};
}(window, document, window.Readyboard));
