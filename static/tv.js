/* The page of a TV that waits to be paired. Classic ES5 for engines from Chromium 38 on. It asks
   for its code again and again; what does not look like our own answer (a proxy's error page, a
   log-in page) counts as no connection. */
(function (window, document) {
  "use strict";

  var TIMES = {ask: 2000, most: 15000, patience: 10000};
  var LOST = 3; // failures in a row before the page says so
  var WAITING = "This page goes on by itself.";
  var root = document.body.getAttribute("data-root"), failures = 0;

  function $(id) {
    return document.getElementById(id);
  }

  function write(element, text) {
    if (element.textContent !== text) { element.textContent = text; }
  }

  function ask() {
    var request = new XMLHttpRequest();
    request.open("POST", root + "/tv/code", true);
    request.timeout = TIMES.patience;
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      take(request.status === 200 ? read(request.responseText) : null);
    };
    request.send();
  }

  function read(text) {
    try { return JSON.parse(text); } catch (garbage) { return null; }
  }

  function take(answer) {
    var state = answer && answer.state;
    if (state === "paired" && answer.address) {
      window.location.replace(answer.address);
      failures = 0;
    } else if (state === "waiting" && answer.code) {
      show(answer.code);
      failures = 0;
    } else if (state === "unknown") {
      write($("state"), "This browser keeps no cookies, so it cannot be paired.");
      failures = LOST;
    } else if (++failures >= LOST) {
      write($("state"), "No connection to Readyboard. Trying again.");
    }
    setTimeout(ask, Math.min(TIMES.most, TIMES.ask * Math.pow(2, Math.min(failures, 4))));
  }

  function show(code) {
    if ($("code").textContent !== code) {
      write($("code"), code);
      $("qr").src = root + "/tv/" + code + ".svg";
    }
    write($("state"), WAITING);
  }

  setTimeout(ask, TIMES.ask);
}(window, document));
