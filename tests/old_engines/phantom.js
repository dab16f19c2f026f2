/* PhantomJS (WebKit 538) at the end of a wire: one JSON order a POST, one JSON answer.
   Orders: open, until, run, draw. Says the port it listens on as its first line. */
var system = require("system"), server = require("webserver").create();
var page = require("webpage").create(), thrown = [], port = 0, tries;

page.onError = function (message) { thrown.push(message); };
page.settings.resourceTimeout = 10000;

function value(script) {
  return JSON.parse(page.evaluateJavaScript("function () { return JSON.stringify(" + script + "); }"));
}

function until(order, done) {
  var end = Date.now() + order.seconds * 1000, timer = setInterval(function () {
    var found = value(order.script);
    if (!found && Date.now() < end) { return; }
    clearInterval(timer);
    done(found);
  }, 50);
}

var orders = {
  open: function (order, done) {
    page.viewportSize = {width: order.width, height: order.height};
    page.open(order.url, function (status) { done(status === "success"); });
  },
  until: until,
  run: function (order, done) { done(value(order.script)); },
  draw: function (order, done) { done(page.render(order.file)); }
};

function answer(request, response) {
  var order = JSON.parse(request.post);
  orders[order["do"]](order, function (found) {
    response.statusCode = 200;
    response.write(JSON.stringify({value: found === undefined ? null : found, thrown: thrown}));
    response.close();
  });
}

for (tries = 0; tries < 50 && !port; tries++) {
  port = 20000 + Math.floor(Math.random() * 30000);
  if (!server.listen("127.0.0.1:" + port, answer)) { port = 0; }
}
system.stdout.writeLine(String(port));
system.stdout.flush();
