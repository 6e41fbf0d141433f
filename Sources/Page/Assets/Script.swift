/// What a browser adds to the pages, which can be read without it: curves that grow, lists that are filtered as one types,
/// optimizers that stand out in all charts at once, and ranges dragged across a chart.
enum Script {
    static let text = #"""
        "use strict";
        (() => {
          const live = () => document.getElementById("live");
          const parse = (text) => new DOMParser().parseFromString(text, "text/html");

          // Parts of the page in place of the old ones; what was opened, ticked and focused stays so.
          const replacePart = (fresh) => {
            const old = document.getElementById(fresh.id);
            if (!old || old.isEqualNode(fresh)) return;
            const open = [...old.querySelectorAll("details")].map((d) => d.open);
            const ticked = new Set([...old.querySelectorAll("input:checked")].map((i) => i.name + "=" + i.value));
            const focused = old.contains(document.activeElement) ? document.activeElement : null;
            if (focused && /^(TEXTAREA|SELECT)$/.test(focused.tagName)) return;
            const order = focused ? [...old.querySelectorAll("a,input,button,summary,[tabindex]")].indexOf(focused) : -1;
            const node = document.importNode(fresh, true);
            const details = [...node.querySelectorAll("details")];
            if (details.length === open.length) details.forEach((d, i) => { d.open = open[i]; });
            for (const input of node.querySelectorAll("input[type=checkbox]"))
              input.checked = ticked.has(input.name + "=" + input.value);
            const scrolls = [...old.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
            old.replaceWith(node);
            node.querySelectorAll(".scroll").forEach((s, i) => { if (scrolls[i]) s.scrollLeft = scrolls[i]; });
            if (order >= 0) node.querySelectorAll("a,input,button,summary,[tabindex]")[order]?.focus({ preventScroll: true });
            highlight();
          };

          // The live stream; a hidden page lets go of it, as browsers keep few connections to one server.
          let stream = null;
          const listen = () => {
            stream?.close();
            stream = null;
            if (document.hidden || !document.querySelector("[data-part]")) return;
            stream = new EventSource("/live?page=" + encodeURIComponent(location.pathname + location.search));
            stream.addEventListener("part", (event) => {
              const fresh = parse(event.data).body.firstElementChild;
              if (fresh) replacePart(fresh);
            });
            stream.onopen = () => { live().textContent = ""; };
            stream.onerror = () => { live().textContent = "not connected: is journal serve still running?"; };
          };
          document.addEventListener("visibilitychange", listen);

          // Another address of the same page: what differs is put in place, and the address says so.
          let visit = 0;
          const show = async (address, keeps) => {
            const number = ++visit;
            const answer = await fetch(address, { headers: { Accept: "text/html" } });
            const page = parse(await answer.text());
            if (number !== visit) return;
            history[keeps ? "replaceState" : "pushState"](null, "", address);
            const parts = [...document.querySelectorAll("[data-part], details#range")];
            for (const part of parts) {
              const fresh = part.id && page.getElementById(part.id);
              if (fresh) replacePart(fresh);
            }
            const save = document.querySelector(".save"), freshSave = page.querySelector(".save");
            if (save && freshSave) save.setAttribute("href", freshSave.getAttribute("href"));
            listen();
          };
          addEventListener("popstate", () => location.reload());

          let typing = 0;
          const sent = (form, keeps) => {
            const data = new URLSearchParams(new FormData(form));
            for (const [name, value] of [...data]) if (!value) data.delete(name);
            const now = new URLSearchParams(location.search);
            for (const name of ["from", "to", "scale"]) if (now.has(name) && !data.has(name)) data.set(name, now.get(name));
            const query = data.toString();
            return show(location.pathname + (query ? "?" + query : ""), keeps);
          };
          document.addEventListener("input", (event) => {
            const form = event.target.closest("form[data-auto]");
            if (!form) return;
            clearTimeout(typing);
            typing = setTimeout(() => sent(form, true), 200);
          });
          document.addEventListener("submit", (event) => {
            if (!event.target.matches("form[data-auto]")) return;
            event.preventDefault();
            clearTimeout(typing);
            sent(event.target, false);
          });

          // One optimizer stands out in all charts of the page.
          let pointed = null;
          const ticked = () => [...document.querySelectorAll("tr[data-series] input:checked")]
            .map((input) => input.closest("tr").dataset.series);
          const highlight = () => {
            const chosen = new Set(pointed === null ? ticked() : [pointed]);
            for (const line of document.querySelectorAll(".chart polyline, .chart polygon, .chart circle")) {
              const series = /--chart-series(\d+)/.exec(`${line.getAttribute("stroke")} ${line.getAttribute("fill")}`);
              line.classList.toggle("dim", !!series && chosen.size > 0 && !chosen.has(series[1]));
            }
          };
          const point = (event) => {
            const place = event.target.closest?.("[data-series]");
            const line = event.target.closest?.(".chart polyline");
            const series = place ? place.dataset.series
              : line ? (/--chart-series(\d+)/.exec(line.getAttribute("stroke") || "") || [])[1] ?? null : null;
            if (series === pointed) return;
            pointed = series;
            highlight();
          };
          document.addEventListener("pointerover", point);
          document.addEventListener("focusin", point);
          document.addEventListener("change", highlight);

          // The step under the pointer, in all charts; dragging chooses a range of steps for all of them.
          const space = "http://www.w3.org/2000/svg";
          const place = (figure, event) => {
            const box = figure.querySelector(".chart").getBoundingClientRect();
            const { left, right, from, to } = figure.dataset;
            const width = figure.querySelector(".chart").viewBox.baseVal.width;
            const share = ((event.clientX - box.left) / box.width * width - left) / (right - left);
            return +from + Math.min(Math.max(share, 0), 1) * (to - from);
          };
          const abscissa = (figure, step) => {
            const { left, right, from, to } = figure.dataset;
            return +left + (step - from) / (to - from) * (right - left);
          };
          const mark = (name, first, last) => {
            for (const figure of document.querySelectorAll("figure[data-from]")) {
              const chart = figure.querySelector(".chart");
              let shape = chart.querySelector("." + name);
              if (first === null) { shape?.remove(); continue; }
              if (!shape) {
                shape = document.createElementNS(space, "rect");
                shape.setAttribute("class", name);
                shape.setAttribute("y", figure.dataset.top);
                shape.setAttribute("height", figure.dataset.bottom - figure.dataset.top);
                shape.setAttribute("pointer-events", "none");
                chart.append(shape);
              }
              const range = [first, last].map((step) =>
                abscissa(figure, Math.min(Math.max(step, +figure.dataset.from), +figure.dataset.to)));
              shape.setAttribute("x", Math.min(...range));
              shape.setAttribute("width", Math.max(Math.abs(range[1] - range[0]), 0.5));
            }
          };
          let drag = null;
          document.addEventListener("pointerdown", (event) => {
            const figure = event.target.closest?.("figure[data-from]");
            if (!figure || !event.target.closest(".chart") || event.button !== 0) return;
            drag = { figure, step: place(figure, event), x: event.clientX };
            if (event.pointerType === "mouse") event.preventDefault();
          });
          document.addEventListener("pointermove", (event) => {
            const figure = event.target.closest?.("figure[data-from]");
            if (drag) return mark("brush", drag.step, place(drag.figure, event));
            if (!figure || !event.target.closest(".chart")) return mark("cursor", null);
            const step = place(figure, event);
            mark("cursor", step, step);
          });
          const drop = (event) => {
            if (!drag) return;
            const { figure, step, x } = drag;
            drag = null;
            mark("brush", null);
            if (event.type !== "pointerup" || Math.abs(event.clientX - x) < 6) return;
            const ends = [step, place(figure, event)].sort((a, b) => a - b);
            const query = new URLSearchParams(location.search);
            query.set("from", Math.floor(ends[0]));
            query.set("to", Math.max(Math.ceil(ends[1]), Math.floor(ends[0]) + 1));
            show(location.pathname + "?" + query, false);
          };
          document.addEventListener("pointerup", drop);
          document.addEventListener("pointercancel", drop);
          document.addEventListener("keydown", (event) => { if (event.key === "Escape") { drag = null; mark("brush", null); } });

          listen();
        })();
        """#
}
