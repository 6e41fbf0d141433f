"""Opens the pages of a running `journal serve` in Chromium while trials run, and looks at them as a reader does.

    python3 pages.py ADDRESS FOLDER

The newest experiment is the one under way; `quadratic` is another, completed, of two optimizers at least.

FOLDER takes the screenshots. Each check that fails is told in a line; the exit code says whether any did.
"""

import os
import pathlib
import re
import sys
import urllib.request

from chromium import Chromium

# What is cut off, runs over the page, lies over another label, or cannot be told from its ground.
LAYOUT = r"""
(() => {
  const faults = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + 1) {
    const wide = [...document.querySelectorAll("main *")].filter((e) => !e.closest(".scroll, pre")
      && e.getBoundingClientRect().right > page.clientWidth + 1);
    faults.push("the page is wider than the window: " + (wide.at(-1)?.outerHTML.slice(0, 120) ?? ""));
  }
  for (const chart of document.querySelectorAll("svg.chart")) {
    const box = chart.getBoundingClientRect();
    const labels = [...chart.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    for (const [text, label] of labels) {
      if (label.left < box.left - 1 || label.right > box.right + 1 || label.top < box.top - 1 || label.bottom > box.bottom + 1)
        faults.push("a label is cut: " + text);
      for (const [other, place] of labels) {
        if (place === label) continue;
        const width = Math.min(label.right, place.right) - Math.max(label.left, place.left);
        const height = Math.min(label.bottom, place.bottom) - Math.max(label.top, place.top);
        if (width > 2 && height > 4) faults.push("labels overlap: " + text + " and " + other);
      }
    }
  }
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((c) => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const seen = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility?.()) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") && element.tagName === "text" ? style.fill : style.color;
    const [a, b] = [light(colour), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const key = colour + ground(element);
    if (contrast < 4.5 && !seen.has(key)) {
      seen.add(key);
      faults.push(`too little contrast, ${contrast.toFixed(1)}: ` + element.outerHTML.slice(0, 80));
    }
  }
  return faults;
})()
"""

# What those who see no picture, or use no mouse, need.
STRUCTURE = r"""
(() => {
  const faults = [];
  const one = (selector) => { if (document.querySelectorAll(selector).length !== 1) faults.push("not one " + selector); };
  ["h1", "main", "header", ".banner nav[aria-label]", "html[lang]"].forEach(one);
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) faults.push("ids that are not one: " + [...new Set(twice)].join(", "));
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const next = +heading.tagName[1];
    if (next > level + 1) faults.push("a heading skips a level: " + heading.textContent);
    level = next;
  }
  for (const table of document.querySelectorAll("table")) if (!table.caption?.textContent) faults.push("a table without a caption");
  for (const chart of document.querySelectorAll("svg.chart")) {
    if (!chart.querySelector("title")) faults.push("a chart without a name");
    if (!chart.closest("figure")?.querySelector("details table")) faults.push("a chart without its data as a table");
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.closest("label") && !field.getAttribute("aria-label")) faults.push("a field without a label: " + field.name);
  for (const element of document.querySelectorAll("[aria-labelledby]"))
    if (!document.getElementById(element.getAttribute("aria-labelledby"))) faults.push("a label that is not there");
  return faults;
})()
"""


class Visit:
    def __init__(self, address, folder):
        self.address = address.rstrip("/")
        self.folder = pathlib.Path(folder)
        self.browser = Chromium(os.environ.get("CHROMIUM", "chromium"))
        self.faults = []

    def check(self, holds, fault):
        if not holds:
            self.faults.append(fault)
            print("FAULT", fault, flush=True)

    def open(self, path):
        self.browser.open(self.address + path)

    def text(self, selector):
        return self.browser.run(f"document.querySelector({selector!r})?.textContent ?? ''")

    # A run is under way: what the page shows grows without a reload.
    def live(self):
        browser = self.browser
        browser.screen(1280, 900, "light")
        self.open("/")
        progress = "[...document.querySelectorAll('#experiments .progress')].map((e) => e.textContent).join(', ')"
        before = browser.run(progress)
        self.check(re.search(r"\d+ of \d+ trials completed", before), f"no progress on the front page: {before}")
        browser.run("window.mark = 1")
        self.check(browser.wait(f"{progress} !== {before!r}", 60), "the front page's progress does not grow")
        self.check(browser.run("window.mark === 1"), "the front page was loaded again")

        self.open("/experiments/endless?status=running")
        trial = "document.querySelector('#trials tbody a')"
        self.check(browser.wait(f"!!{trial}", 30), "no running trial is listed")
        self.open(browser.run(f"{trial}.getAttribute('href')"))
        shown = browser.wait("!!document.querySelector('#curves polyline')", 30)
        self.check(shown, "a running trial has no curve")
        points = "parseInt(document.querySelector('#curves figcaption').textContent)"
        first = browser.run(points) or 0
        browser.run("window.mark = 1")
        self.check(browser.wait(f"{points} > {first}", 30), f"the curve of a running trial does not grow from {first} points")
        self.check(browser.run("window.mark === 1"), "the trial's page was loaded again")
        browser.picture(self.folder / "trial-live.png")
        return browser.run("location.pathname")

    def looks(self, pages):
        for theme in ("light", "dark"):
            for width, height in ((1280, 900), (390, 844)):
                self.browser.screen(width, height, theme)
                for name, path in pages.items():
                    self.open(path)
                    self.browser.wait("!document.body.textContent.includes('being computed')", 60)
                    place = f"{name}-{theme}-{width}"
                    for fault in self.browser.run(LAYOUT):
                        self.check(False, f"{place}: {fault}")
                    self.browser.picture(self.folder / f"{place}.png")

    def structure(self, pages):
        for name, path in pages.items():
            self.open(path)
            for fault in self.browser.run(STRUCTURE):
                self.check(False, f"{name}: {fault}")
            self.browser.press("Tab", 9)
            focused = self.browser.run("document.activeElement.textContent")
            self.check(focused == "Skip to content", f"{name}: the keyboard begins at {focused}")

    def interaction(self, experiment):
        browser = self.browser
        browser.screen(1280, 900, "light")
        self.open(experiment)
        rows = "document.querySelectorAll('#trials tbody tr').length"
        others = "[...document.querySelectorAll('#trials tbody tr')].some((row) => row.cells[2].textContent !== 'sgd')"
        all_rows = browser.run(rows)
        browser.run(
            "(() => { const field = document.querySelector('.section-trials select[name=optimizer]');"
            " field.value = 'sgd'; field.dispatchEvent(new Event('input', { bubbles: true })); })()")
        self.check(browser.wait(f"{rows} < {all_rows} && {rows} > 0 && !{others}"), "choosing an optimizer does not filter the trials")
        self.check("optimizer=sgd" in browser.run("location.search"), "the address does not keep the filter")
        filtered = browser.run(rows)
        self.open(experiment + browser.run("location.search"))
        self.check(browser.run(rows) == filtered, "a refresh does not keep the filter")

        figure = "document.querySelector('figure[data-from] svg')"
        browser.run(f"{figure}.scrollIntoView({{ block: 'center' }})")
        box = browser.run(f"(({{ x, y, width, height }}) => [x, y, width, height])({figure}.getBoundingClientRect())")
        middle = box[1] + box[3] / 2
        browser.drag((box[0] + box[2] * 0.4, middle), (box[0] + box[2] * 0.7, middle))
        self.check(browser.wait("/from=\\d+/.test(location.search)"), "dragging across a chart chooses no steps")
        narrower = "[...document.querySelectorAll('.beside figure[data-from]')].every((f) => f.dataset.from > 0)"
        self.check(browser.wait(narrower), "charts do not follow the chosen steps")

        self.open(experiment)
        browser.run("document.querySelectorAll('#trials input[name=trial]').forEach((i, n) => { i.checked = n < 2; })")
        browser.run("document.querySelector('#tick-trials button').click()")
        self.check(browser.wait("location.pathname === '/compare'"), "ticked trials are not compared")
        self.check(
            browser.wait("document.querySelectorAll('#table tbody tr').length === 2"), "not the two ticked trials are compared")
        return browser.run("location.pathname + location.search")

    def note(self, experiment):
        browser = self.browser
        self.open(experiment)
        browser.run("document.querySelector('#add-note').open = true")
        browser.run("document.querySelector('#add-note textarea').value = 'A **note** from <script>the page</script>'")
        browser.run("document.querySelector('#add-note button').click()")
        self.check(
            browser.wait("!!document.querySelector('#notes .note strong')", 20), "a note that is added is not shown")
        self.check("<script>the page</script>" in self.text("#notes .note .markdown"), "the note's text is not as written")

    # One optimizer stands out in all charts.
    def highlight(self, experiment):
        browser = self.browser
        self.open(experiment)
        browser.wait("!!document.querySelector('.legend li')", 30)
        browser.run("document.querySelector('.legend li').focus()")
        self.check(browser.wait("!!document.querySelector('.chart .dim')", 5), "no series stands out")

    def unscripted(self, pages):
        browser = self.browser
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        for name, path in pages.items():
            browser.call("Page.navigate", url=self.address + path)
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
        for name, path in pages.items():
            with urllib.request.urlopen(self.address + path) as answer:
                text = answer.read().decode()
            self.check("<h1" in text and "<table" in text, f"{name}: nothing to read without scripts")

    def saved(self, experiment):
        with urllib.request.urlopen(self.address + experiment + "?static") as answer:
            self.check("attachment" in answer.headers["Content-Disposition"], "a saved page is not to be saved")
            text = answer.read()
        file = self.folder.resolve() / "saved.html"
        file.write_bytes(text)
        self.browser.open("about:blank")
        self.browser.events.clear()
        self.browser.open(file.as_uri())
        asked = [
            event["params"]["request"]["url"] for event in self.browser.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        self.check([url for url in asked if not url.startswith("file:")] == [], f"a saved page asks for {asked}")
        self.check(self.browser.run("!!document.querySelector('svg.chart')"), "a saved page has no charts")
        self.check(self.browser.run("!document.querySelector('script, form, a[href^=\"/\"]')"), "a saved page has what only a server can do")
        self.browser.picture(self.folder / "saved.png")


def main():
    visit = Visit(sys.argv[1], sys.argv[2])
    visit.folder.mkdir(parents=True, exist_ok=True)
    running_trial = visit.live()
    experiment = "/experiments/quadratic"
    compared = visit.interaction(experiment)
    pages = {
        "experiments": "/", "running": "/experiments/long", "experiment": experiment, "trial": "/trials/1", "running-trial": running_trial,
        "trials-compared": compared, "optimizers-compared": "/compare?experiment=quadratic&optimizer=trained&optimizer=sgd",
    }
    visit.note(experiment)
    visit.highlight(experiment)
    visit.looks(pages)
    visit.structure(pages)
    visit.unscripted(pages)
    for fault in visit.browser.faults():
        visit.check(False, f"the browser complains: {fault}")
    visit.saved(experiment)
    visit.browser.close()
    print("no fault" if not visit.faults else f"{len(visit.faults)} faults")
    sys.exit(1 if visit.faults else 0)


main()
