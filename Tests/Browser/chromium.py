"""Drives a headless Chromium through the pipes that it offers for that; needs nothing but Python itself."""

import base64
import fcntl
import json
import os
import subprocess
import tempfile
import time


class Chromium:
    def __init__(self, program="chromium"):
        their_input, self._output = os.pipe()
        self._input, their_output = os.pipe()
        # Chromium takes commands from descriptor 3 and answers on 4.
        their_input, their_output = (fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in (their_input, their_output))

        def connect():
            os.dup2(their_input, 3)
            os.dup2(their_output, 4)

        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={self._profile.name}",
                "about:blank",
            ],
            preexec_fn=connect, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(their_input)
        os.close(their_output)
        self._number = 0
        self._waiting = b""
        self.events = []
        self._session = None
        pages = [target for target in self.call("Target.getTargets")["targetInfos"] if target["type"] == "page"]
        attached = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Gives a command of the DevTools protocol, and waits for its answer."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._output, json.dumps(command).encode() + b"\0")
        while True:
            while b"\0" not in self._waiting:
                piece = os.read(self._input, 1 << 16)
                if not piece:
                    raise EOFError("Chromium has ended")
                self._waiting += piece
            message, self._waiting = self._waiting.split(b"\0", 1)
            message = json.loads(message)
            if message.get("id") == self._number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def run(self, script):
        """The value of an expression of JavaScript in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, script, seconds=20):
        """Waits until an expression is true; says whether it came to be."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run(script):
                    return True
            except RuntimeError:
                pass  # The page is being replaced.
            time.sleep(0.1)
        return False

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def screen(self, width, height, theme):
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def drag(self, start, end):
        """Moves the mouse from one place of the window to another with its button down."""
        steps = [("mouseMoved", start), ("mousePressed", start)]
        steps += [("mouseMoved", tuple(a + (b - a) * share / 4 for a, b in zip(start, end))) for share in (1, 2, 3, 4)]
        steps.append(("mouseReleased", end))
        for kind, (x, y) in steps:
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def faults(self):
        """What the page has complained of so far."""
        told = [event for event in self.events if event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]
        return [json.dumps(event["params"])[:400] for event in told]

    def close(self):
        try:
            self.call("Browser.close")
        except (EOFError, RuntimeError, OSError):
            pass
        self._process.wait(20)
        self._profile.cleanup()
