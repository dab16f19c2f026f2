// Takes away what Chromium 38 (LG webOS 3, 2016) did not have, so that its use is an error.
(function () {
  "use strict";
  const keep = {
    Array: "isArray",
    Object: "create defineProperties defineProperty freeze getOwnPropertyDescriptor " +
      "getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen " +
      "isSealed keys preventExtensions seal setPrototypeOf",
    Promise: "all race reject resolve"
  };
  const keepOnPrototype = {
    Array: "concat every filter forEach indexOf join keys entries lastIndexOf map pop push " +
      "reduce reduceRight reverse shift slice some sort splice toLocaleString toString unshift",
    String: "charAt charCodeAt concat indexOf lastIndexOf localeCompare match normalize replace " +
      "search slice split substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase " +
      "toString toUpperCase trim trimLeft trimRight valueOf",
    Promise: "then catch"
  };
  const always = ["length", "name", "prototype", "constructor"];
  function strip(target, kept) {
    for (const name of Object.getOwnPropertyNames(target)) {
      if (always.indexOf(name) < 0 && kept.split(" ").indexOf(name) < 0) { delete target[name]; }
    }
  }
  const gone = {
    Element: "append prepend before after replaceWith replaceChildren closest getAttributeNames " +
      "toggleAttribute attachShadow checkVisibility computedStyleMap",
    Document: "append prepend replaceChildren",
    DocumentFragment: "append prepend replaceChildren",
    CharacterData: "before after replaceWith",
    Node: "getRootNode isConnected",
    NodeList: "forEach entries keys values",
    DOMTokenList: "forEach entries keys values replace supports value",
    EventTarget: "when",
    Navigator: "wakeLock locks sendBeacon serviceWorker connection permissions storage",
    Event: "composed composedPath"
  };
  const globals = "fetch Headers Request Response AbortController AbortSignal URLSearchParams " +
    "ResizeObserver IntersectionObserver PerformanceObserver ReportingObserver BroadcastChannel " +
    "customElements queueMicrotask requestIdleCallback cancelIdleCallback structuredClone " +
    "visualViewport Proxy Reflect WeakRef FinalizationRegistry BigInt Atomics reportError " +
    "globalThis cookieStore scheduler navigation caches trustedTypes";
  for (const name of Object.keys(gone)) {
    for (const member of gone[name].split(" ")) { delete window[name].prototype[member]; }
  }
  for (const name of globals.split(" ")) { delete window[name]; }
  for (const name of Object.keys(keepOnPrototype)) {
    strip(window[name].prototype, keepOnPrototype[name]);
  }
  for (const name of Object.keys(keep)) { strip(window[name], keep[name]); }
  document.addEventListener("DOMContentLoaded", function () {
    const old = !window.fetch && ![].includes && !"".includes && !Object.assign;
    document.documentElement.setAttribute("data-engine", old ? "38" : "young");
  });
}());
