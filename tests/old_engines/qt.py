"""QtWebEngine of 2016 (Chromium 49) at the end of a wire: one JSON order a line on stdin, one JSON
answer a line on stdout. Orders: open, until, run, draw.

Run as a program of its own, with deploy/find-old-engine.sh's folder on PYTHONPATH.
"""

import ctypes
import json
import os
import sys
from collections.abc import Callable
from typing import Any

import PyQt5.sip

# The binding of that time looks for a module `sip` of its own; today's has the same interface
# under another name.
CAPSULE = b"sip._C_API"
sys.modules["sip"] = PyQt5.sip
_rename = ctypes.pythonapi.PyCapsule_SetName
_rename.argtypes = [ctypes.py_object, ctypes.c_char_p]
_rename(PyQt5.sip._C_API, CAPSULE)

from PyQt5 import QtCore, QtWebEngineWidgets, QtWidgets  # noqa: E402

NOTE_ERRORS = """window.thrown = [];
window.onerror = function (message) { window.thrown.push(String(message)); };"""
Done = Callable[[Any], None]


class Wire:
    """Takes the orders, one at a time."""

    def __init__(self, view: Any) -> None:
        self._view = view
        self._page = view.page()
        self._typed = b""
        self._opened: Done | None = None
        self._orders: dict[str, Callable[[dict[str, Any]], None]] = {
            "open": self._open,
            "until": self._until,
            "run": lambda order: self._value(order["script"], self._answer),
            "draw": lambda order: self._answer(self._view.grab().save(order["file"])),
        }
        view.loadFinished.connect(self._loaded)
        self._stdin = QtCore.QSocketNotifier(0, QtCore.QSocketNotifier.Read)
        self._stdin.activated.connect(self._read)

    def _read(self, _: int) -> None:
        typed = os.read(0, 65536)
        if not typed:
            QtWidgets.QApplication.quit()
        self._typed += typed
        *lines, self._typed = self._typed.split(b"\n")
        for line in lines:
            order = json.loads(line)
            self._orders[order["do"]](order)

    def _open(self, order: dict[str, Any]) -> None:
        width, height = order["width"], order["height"]
        sized = {"script": f"innerWidth === {width} && innerHeight === {height}", "seconds": 10}
        # The page is told of its size later than the window.
        self._opened = lambda ok: self._until(sized) if ok else self._answer(False)
        self._view.resize(width, height)
        self._view.setUrl(QtCore.QUrl(order["url"]))

    def _loaded(self, ok: bool) -> None:
        done, self._opened = self._opened, None
        if done is not None:
            done(ok)

    def _until(self, order: dict[str, Any]) -> None:
        clock = QtCore.QElapsedTimer()
        clock.start()

        def look() -> None:
            self._value(order["script"], decide)

        def decide(found: Any) -> None:
            if found or clock.elapsed() > order["seconds"] * 1000:
                self._answer(found)
            else:
                QtCore.QTimer.singleShot(50, look)

        look()

    def _value(self, script: str, done: Done) -> None:
        # As text: what the binding makes of lists and objects is its own affair.
        self._page.runJavaScript(f"JSON.stringify({script})", lambda text: done(_read(text)))

    def _answer(self, value: Any) -> None:
        def write(thrown: Any) -> None:
            print(json.dumps({"value": value, "thrown": thrown}), flush=True)  # noqa: T201

        self._value("window.thrown || []", write)


def _read(text: str | None) -> Any:
    return None if not text else json.loads(text)


def main() -> None:
    application = QtWidgets.QApplication(["qt", "--no-sandbox"])
    view = QtWebEngineWidgets.QWebEngineView()
    script = QtWebEngineWidgets.QWebEngineScript()
    script.setSourceCode(NOTE_ERRORS)
    script.setInjectionPoint(QtWebEngineWidgets.QWebEngineScript.DocumentCreation)
    script.setWorldId(QtWebEngineWidgets.QWebEngineScript.MainWorld)
    view.page().scripts().insert(script)
    wire = Wire(view)
    view.show()
    print("ready", flush=True)  # noqa: T201
    application.exec_()
    del wire


if __name__ == "__main__":
    main()
