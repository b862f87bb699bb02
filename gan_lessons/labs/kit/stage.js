// The stage draws a frame's panels on a canvas, in data coordinates and in the colours of JupyterLab's theme.
// `scene` says what to draw, `data` holds all arrays end to end, and a new `step` means: draw. It answers by messages:
// what was painted, that it lives, that it is gone, and what the pointer does (see stage.py).

// painters.js, panels.js, strip.js and access.js come before it in one module, which page.py puts together.

const REACH = 24;  // pixels: a handle's reach
const LOWER = 520;  // pixels: in a window that is lower, the picture needs the diagram's room
const LOOK = 500;  // milliseconds between two looks at the theme, which a page takes long to tell
const RESTS = 250;  // milliseconds after which what stands under a resting mouse is asked for again, while a lab plays
const SELDOM = 400;  // milliseconds: the page around the canvas is slow, so what touches it, or the kernel, happens seldom

function render({ model, el }) {
  const view = Math.random().toString(36).slice(2);
  const canvas = Object.assign(document.createElement("canvas"), { className: "gan-stage" });
  const sentence = Object.assign(document.createElement("p"), { className: "gan-sentence" });
  canvas.setAttribute("role", "img");
  canvas.style.cssText = "display: block; width: 100%";
  sentence.style.cssText = "margin: 4px 8px; min-height: 3em; line-height: 1.45; max-width: 100ch; color: var(--jp-ui-font-color1)";
  el.classList.add("gan-stage-root");
  const strip = stripOf(el);
  el.append(strip.canvas, canvas, sentence);
  const names = JSON.parse(model.get("names") || "{}");
  const hold = grips(el, canvas, names, (where) => { queue.push({ kind: "move", ...where }); flush(); });
  const tip = tipOf(el, canvas);
  const pen = canvas.getContext("2d");
  let handles = [], places = [], theme = null, looked = -1e9, waiting = 0, painted = 0, shown = -1, reporting = 0, telling = 0, stale = false, focused = null;
  const send = (message) => { try { model.send({ view, ...message }); } catch { /* the kernel is gone */ } };

  // a frame comes with the model's state or, while a lab plays, ahead of it in a message
  let ahead = null;
  const frame = () => (ahead && ahead.step > model.get("step") ? ahead : { scene: model.get("scene"), data: model.get("data"), step: model.get("step"), sentence: model.get("sentence") });

  function draw() {
    waiting = 0;
    const { scene, data, step } = frame();
    const { panels, strip: game } = JSON.parse(scene), width = el.clientWidth;
    if (!panels || !width) return;
    const sharp = window.devicePixelRatio || 1, tallest = ROOM * (window.frameElement ? 900 : window.innerHeight);
    const { boxes, height } = layOut(panels, width, tallest);
    if (canvas.width !== Math.floor(width * sharp) || canvas.height !== Math.floor(height * sharp)) {
      Object.assign(canvas, { width: width * sharp, height: height * sharp });
      canvas.style.height = `${height}px`;
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    canvas.style.touchAction = model.get("listens") ? "none" : "pan-y";
    if (performance.now() - looked > LOOK) [theme, looked] = [readTheme(pen, el), performance.now()];
    const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const read = ({ kind, start, shape }) =>
      new (BYTES.has(kind) ? Uint8Array : Float32Array)(buffer, start, shape.reduce((a, b) => a * b, 1));
    pen.scale(sharp, sharp);
    pen.font = `12px ${theme.font}`;
    pen.textBaseline = "middle";
    const legends = panels.map((panel, i) => layLegend(pen, panel.layers.filter((layer) => layer.label), boxes[i].width - 60).rows);
    const level = (i) => Math.max(...legends.filter((_, k) => k === i || (boxes[k].alone && boxes[k].row === boxes[i].row)));
    handles = [];
    places = panels.map((panel, i) => {
      const place = drawPanel(pen, panel, boxes[i], boxes[i].alone ? level(i) : legends[i], theme, read);
      for (const layer of panel.layers.filter((layer) => layer.kind === "Handles")) {
        const at = read(layer);
        layer.names.forEach((handle, k) => handles.push({ handle, panel: i, x: place.x(at[2 * k]), y: place.y(at[2 * k + 1]), at: [at[2 * k], at[2 * k + 1]] }));
      }
      return place;
    });
    canvas.handles = Object.fromEntries(handles.map((h) => [h.handle, [h.x, h.y]]));
    canvas.areas = panels.map(({ xlim, ylim }, i) => [...xlim.map(places[i].x), ...ylim.map(places[i].y)]);
    canvas.label = panels.map((panel) => panel.title).join("; ");
    if (!model.get("playing")) canvas.setAttribute("aria-label", canvas.label);
    canvas.classList.add("gan-drawn");
    strip.show(tallest < ROOM * LOWER ? null : game, theme, model.get("playing"), step !== shown);
    if (model.get("names")) hold(handles);
    if (focused && !focused.offsetParent) keep();
    if (step === shown) return;
    shown = step;
    canvas.painted = ++painted;
    reporting ||= setTimeout(report, SELDOM);
  }
  const report = () => { reporting = 0; send({ painted: shown, frames: painted }); };
  const redraw = () => { waiting ||= requestAnimationFrame(draw); };
  // the colours of a new theme arrive a little after its name
  const relook = () => [0, 150, 600, 1500].forEach((later) => setTimeout(() => { looked = -1e9; redraw(); }, later));
  const fresh = () => { redraw(); if (document.hidden) send({ alive: true }); };
  const tell = () => {
    telling = 0;
    if (stale) return;
    sentence.textContent = frame().sentence;
    canvas.setAttribute("aria-label", canvas.label ?? "");
  };
  const tellSoon = () => { if (model.get("playing")) telling ||= setTimeout(tell, SELDOM / 2); else tell(); };
  // a screen reader is told what was done, not every step of a training
  const hush = () => { sentence.setAttribute("aria-live", model.get("playing") ? "off" : "polite"); };

  // without its kernel a lab is a picture and no more
  const abandon = () => {
    canvas.style.opacity = 0.5;
    sentence.textContent = "The kernel was restarted or has ended, so this lab stands still: run the cell again.";
    stale = true;
  };
  const check = () => setTimeout(() => { if (el.closest(".jupyter-widgets-disconnected")) abandon(); });
  const follow = (_, status) => { if (/restarting|terminating|dead/.test(status)) abandon(); };
  const status = model.widget_manager?.kernel?.statusChanged;

  // What the pointer does goes out in order and in full, one message at a time; of a handle's way only the last place.
  let held = null, queue = [], busy = 0;
  const flush = () => {
    if (busy || !queue.length) return;
    busy = setTimeout(heard, 1000);
    send({ events: queue });
    queue = [];
  };
  const heard = () => { clearTimeout(busy); busy = 0; flush(); };
  const listen = (message, buffers) => {
    if (message.heard) heard();
    if (message.frame) {
      const [scene, sentence, step] = message.frame;
      ahead = { scene, sentence, step, data: buffers[0] };
      fresh();
      tellSoon();
    }
    if ("hover" in message && over && places[over.panel]) tip.show(message.hover, over.offsetX, over.offsetY);
  };
  const tellKernel = (kind, event) => {
    if (held.handle && kind === "move" && queue.at(-1)?.kind === "move") queue.pop();
    queue.push({ kind, panel: held.panel, handle: held.handle, ...places[held.panel].at(event.offsetX, event.offsetY) });
    flush();
  };
  // what stands under the mouse is asked of the kernel, seldom
  let over = null, asking = 0;
  const ask = () => {
    asking = 0;
    if (!over) return;
    send({ hover: { panel: over.panel, ...places[over.panel].at(over.offsetX, over.offsetY) } });
    if (model.get("playing")) asking = setTimeout(ask, RESTS);
  };
  const hover = ({ offsetX, offsetY }) => {
    const panel = places.findIndex((place) => place.holds(offsetX, offsetY));
    over = panel < 0 || held ? null : { panel, offsetX, offsetY };
    if (over) asking ||= setTimeout(ask, 60);
    else tip.show("");
  };
  canvas.onpointerleave = () => { over = null; tip.show(""); };
  const nearest = (event) => handles.find((h) => Math.hypot(h.x - event.offsetX, h.y - event.offsetY) < REACH);
  const below = (event) => {
    const panel = model.get("listens") ? places.findIndex((place) => place.holds(event.offsetX, event.offsetY)) : -1;
    return panel < 0 ? null : { panel };
  };
  canvas.onpointerdown = (event) => {
    if (event.button || !(held = nearest(event) ?? below(event))) return;
    canvas.setPointerCapture(event.pointerId);
    el.classList.add("gan-touched");
    tellKernel("down", event);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (held) tellKernel("up", event);
    held = null;
  };
  canvas.onpointermove = (event) => {
    canvas.style.cursor = held?.handle ? "grabbing" : nearest(event) ? "grab" : below(event) ? "crosshair" : "default";
    if (held) tellKernel("move", event);
    if (model.get("hovers")) hover(event);
  };

  // a lab's letters count wherever in it the focus is, and JupyterLab must not take them for commands of its own
  const letters = model.get("letters") ?? "";
  if (letters) canvas.tabIndex = 0;
  const onKey = (event) => {
    const lab = el.closest(".gan-lab") ?? el, key = event.key === "Enter" && !event.shiftKey ? "\n" : event.key.toLowerCase();
    if (!lab.contains(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (key.length !== 1 || !letters.includes(key) || event.target.closest("input, textarea, [contenteditable=true]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    queue.push({ kind: "key", key });
    flush();
  };
  // a button that had the focus may be gone with its question: then the picture takes it, or the keys would be lost
  const noteFocus = ({ target }) => { focused = el.closest(".gan-lab")?.contains(target) ? target : null; };
  const keep = () => { focused = null; canvas.focus({ preventScroll: true }); };
  if (letters) {
    window.addEventListener("keydown", onKey, true);
    document.addEventListener("focusin", noteFocus);
  }

  const heed = { "change:step": fresh, "change:sentence": tellSoon, "change:playing": hush, "msg:custom": listen, "comm_live_update": check };
  for (const [what, how] of Object.entries(heed)) model.on(what, how);
  const size = new ResizeObserver(redraw), look = new MutationObserver(relook);
  size.observe(el);
  look.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  status?.connect(follow);
  const undress = { done: () => {} };
  const dressing = setTimeout(() => {
    const lab = el.closest(".gan-lab");
    if (lab) undress.done = dress(lab, JSON.parse(model.get("tips") || "{}"));
  });
  window.addEventListener("resize", redraw);
  tell();
  hush();
  redraw();
  return () => {
    status?.disconnect(follow);
    cancelAnimationFrame(waiting);
    clearTimeout(reporting);
    clearTimeout(telling);
    clearTimeout(asking);
    clearTimeout(dressing);
    undress.done();
    strip.stop();
    window.removeEventListener("resize", redraw);
    size.disconnect();
    look.disconnect();
    window.removeEventListener("keydown", onKey, true);
    document.removeEventListener("focusin", noteFocus);
    for (const [what, how] of Object.entries(heed)) model.off(what, how);
    send({ gone: true });
  };
}

export default { render };
