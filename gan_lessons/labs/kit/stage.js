// The stage draws a frame's panels on a canvas, in data coordinates and in the colours of JupyterLab's theme.
// `scene` says what to draw, `data` holds all arrays end to end, and a new `step` means: draw. It answers by messages:
// what was painted, that it lives, that it is gone, and what the pointer does (see stage.py).

const LINE = 16, NARROWEST = 250, REACH = 24;  // pixels: a line of text, a panel's least width, a handle's reach
const LOW = 310, HIGH = 480, LOWEST = 216;  // a panel's height, at most if its units are equal, and in a column of several

const BYTES = new Set(["Heat", "Pictures"]);  // layers whose numbers are bytes

const SELDOM = 400;  // milliseconds: the page around the canvas is slow, so what touches it, or the kernel, happens seldom

function readTheme(pen, element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const ink = read("--jp-ui-font-color1", "#212121"), back = read("--jp-layout-color0", "#ffffff");
  pen.fillStyle = back;  // which makes #rrggbb of whatever CSS colour it is
  const dark = parseInt(pen.fillStyle.slice(1, 3), 16) < 128;
  return {
    ink,
    back,
    faint: read("--jp-border-color2", "#e0e0e0"),
    edge: read("--jp-border-color0", "#9e9e9e"),
    font: read("--jp-ui-font-family", "sans-serif"),
    paint: (color) => (color === "ink" ? ink : dark ? `color-mix(in srgb, ${color} 72%, white)` : color),
  };
}

function ticks([low, high], room) {
  const rough = (high - low) / Math.max(2, room), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const places = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) places.push(k * step);
  return places.map((value) => [value, String(+value.toPrecision(6)).replace("-", "−")]);
}

const painters = {
  Heat(pen, layer, values, { x, y }) {
    const [rows, columns] = layer.shape, [left, right, bottom, top] = layer.extent;
    const stops = layer.palette.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    const cells = new ImageData(columns, rows);
    for (let i = 0; i < rows * columns; i++) {
      const place = (values[i] / 255) * (stops.length - 1), k = Math.min(Math.floor(place), stops.length - 2);
      const target = 4 * ((rows - 1 - Math.floor(i / columns)) * columns + (i % columns));
      for (let c = 0; c < 3; c++) cells.data[target + c] = stops[k][c] + (place - k) * (stops[k + 1][c] - stops[k][c]);
      cells.data[target + 3] = 255;
    }
    const small = new OffscreenCanvas(columns, rows);
    small.getContext("2d").putImageData(cells, 0, 0);
    pen.imageSmoothingEnabled = layer.smooth;
    pen.drawImage(small, x(left), y(top), x(right) - x(left), y(bottom) - y(top));
  },
  Pictures(pen, layer, values, { x, y }) {
    const [count, high, wide, channels] = layer.shape, [left, right, bottom, top] = layer.extent;
    const across = layer.columns * (wide + layer.gap) - layer.gap;
    const down = Math.ceil(count / layer.columns) * (high + layer.gap) - layer.gap;
    const sheet = new ImageData(across, down);  // transparent between the pictures
    for (let i = 0; i < count * high * wide; i++) {
      const place = Math.floor(i / (high * wide)), row = Math.floor((i % (high * wide)) / wide);
      const target = 4 * ((Math.floor(place / layer.columns) * (high + layer.gap) + row) * across
        + (place % layer.columns) * (wide + layer.gap) + (i % wide));
      for (let c = 0; c < 3; c++) sheet.data[target + c] = values[i * channels + (channels === 3 ? c : 0)];
      sheet.data[target + 3] = 255;
    }
    // squares of one size, and sharp: first enlarged a whole number of times, then brought to the right size
    const width = x(right) - x(left), times = Math.min(32, Math.max(1, Math.ceil((pen.getTransform().a * width) / across)));
    const small = new OffscreenCanvas(across, down), large = new OffscreenCanvas(across * times, down * times);
    small.getContext("2d").putImageData(sheet, 0, 0);
    const enlarge = large.getContext("2d");
    enlarge.imageSmoothingEnabled = false;
    enlarge.drawImage(small, 0, 0, large.width, large.height);
    pen.imageSmoothingEnabled = true;
    pen.drawImage(large, x(left), y(top), width, y(bottom) - y(top));
  },
  Lines(pen, layer, values, { x, y }, color) {
    const [lines, points] = layer.shape;
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = layer.width;
    pen.setLineDash(layer.dashed ? [6, 4] : []);
    for (let line = 0; line < lines; line++) {
      const at = 2 * line * points;
      pen.beginPath();
      for (let i = at, drawing = false; i < at + 2 * points; i += 2) {
        const known = isFinite(values[i]) && isFinite(values[i + 1]);
        if (known) pen[drawing ? "lineTo" : "moveTo"](x(values[i]), y(values[i + 1]));
        drawing = known;
      }
      pen.stroke();
      if (!layer.fill) continue;
      pen.lineTo(x(values[at + 2 * points - 2]), y(0));
      pen.lineTo(x(values[at]), y(0));
      pen.globalAlpha = 0.25;
      pen.fill();
      pen.globalAlpha = 1;
    }
    pen.setLineDash([]);
  },
  Points(pen, layer, values, { x, y }, color) {
    pen.fillStyle = color;
    pen.globalAlpha = layer.opacity;
    for (let i = 0; i < values.length; i += 2) dot(pen, x(values[i]), y(values[i + 1]), layer.size / 2);
    pen.globalAlpha = 1;
  },
  Arrows(pen, layer, values, { x, y }, color) {
    pen.strokeStyle = color;
    pen.lineWidth = layer.width;
    pen.beginPath();
    for (let i = 0; i < values.length; i += 4) {
      const [x0, y0] = [x(values[i]), y(values[i + 1])];
      const [x1, y1] = [x(values[i] + values[i + 2]), y(values[i + 1] + values[i + 3])];
      const length = Math.hypot(x1 - x0, y1 - y0), head = Math.min(6, length / 2);
      if (length < 1) continue;
      const angle = Math.atan2(y1 - y0, x1 - x0);
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
      for (const side of [-0.5, 0.5]) {
        pen.moveTo(x1, y1);
        pen.lineTo(x1 - head * Math.cos(angle + side), y1 - head * Math.sin(angle + side));
      }
    }
    pen.stroke();
  },
  Writing(pen, layer, values, { x, y }, color, theme) {
    pen.fillStyle = color;
    pen.font = `${layer.size}px ${theme.font}`;
    pen.textAlign = "left";
    layer.texts.forEach((text, i) => pen.fillText(text, x(values[2 * i]), y(values[2 * i + 1])));
  },
  Handles(pen, layer, values, { x, y }, _, theme) {
    layer.names.forEach((_name, i) => {
      pen.fillStyle = theme.back;
      dot(pen, x(values[2 * i]), y(values[2 * i + 1]), 9);
      pen.fillStyle = theme.paint(layer.colors[i]);
      dot(pen, x(values[2 * i]), y(values[2 * i + 1]), 7);
    });
  },
};

function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

// Where each legend entry goes: [column in pixels, row], wrapped at `width`.
function layLegend(pen, entries, width) {
  let across = 0, row = 0;
  const places = entries.map(({ label }) => {
    const wide = pen.measureText(label).width + 32;
    if (across && across + wide > width) [across, row] = [0, row + 1];
    across += wide;
    return [across - wide, row];
  });
  return { places, rows: entries.length ? row + 1 : 0 };
}

function drawPanel(pen, panel, box, legendRows, theme, read) {
  const top = box.top + 1.3 * LINE + legendRows * LINE + 6;
  const bottom = box.top + box.height - (panel.bare ? (panel.xlabel ? 1.6 : 0.5) : 2.4) * LINE;
  const names = panel.rows.length || panel.bare ? panel.rows : ticks(panel.ylim, Math.min(5, (bottom - top) / 36));
  const margin = 10 + (panel.ylabel ? LINE : 0) + Math.max(0, ...names.map(([, name]) => pen.measureText(name).width));
  const area = { left: box.left + margin, top, width: box.width - 14 - margin, height: bottom - top };
  const [x0, x1] = panel.xlim, [y0, y1] = panel.ylim;
  if (panel.equal) {
    const unit = Math.min(area.width / (x1 - x0), area.height / (y1 - y0));
    [area.width, area.height] = [unit * (x1 - x0), unit * (y1 - y0)];
  }
  const x = (value) => area.left + ((value - x0) / (x1 - x0)) * area.width;
  const y = (value) => area.top + ((y1 - value) / (y1 - y0)) * area.height;
  const base = area.top + area.height;

  pen.lineWidth = 1;
  pen.strokeStyle = theme.faint;
  pen.fillStyle = theme.ink;
  const line = (...ends) => { pen.beginPath(); pen.moveTo(ends[0], ends[1]); pen.lineTo(ends[2], ends[3]); pen.stroke(); };
  const text = (words, across, down, align, room) => { pen.textAlign = align; pen.fillText(words, across, down, room); };
  for (const [value, name] of panel.bare ? [] : ticks(panel.xlim, area.width / 55)) {
    line(x(value), area.top, x(value), base);
    text(name, x(value), base + 0.8 * LINE, "center");
  }
  for (const [value, name] of names) {
    if (!panel.bare) line(area.left, y(value), area.left + area.width, y(value));
    text(name, area.left - 6, y(value), "right");
  }
  text(panel.xlabel, area.left + area.width / 2, base + (panel.bare ? 0.9 : 1.8) * LINE, "center", area.width);
  pen.save();
  pen.translate(area.left - margin + LINE / 2, area.top + area.height / 2);
  pen.rotate(-Math.PI / 2);
  text(panel.ylabel, 0, 0, "center", area.height);
  pen.restore();

  pen.save();
  pen.font = `600 13px ${theme.font}`;
  text(panel.title, area.left, box.top + 0.6 * LINE, "left", box.left + box.width - area.left);
  pen.beginPath();
  pen.rect(area.left, area.top - 1, area.width + 1, area.height + 2);
  pen.clip();
  for (const layer of panel.layers) painters[layer.kind](pen, layer, read(layer), { x, y }, theme.paint(layer.color ?? "ink"), theme);
  pen.restore();

  pen.strokeStyle = theme.edge;
  if (!panel.bare) {
    line(area.left, base, area.left + area.width, base);
    line(area.left, area.top, area.left, base);
  }
  const entries = panel.layers.filter((layer) => layer.label);
  layLegend(pen, entries, box.width - 60).places.forEach(([across, row], i) => {
    const [start, down] = [area.left + across, box.top + 1.3 * LINE + (row + 0.5) * LINE];
    pen.strokeStyle = pen.fillStyle = theme.paint(entries[i].color);
    pen.lineWidth = 2.5;
    pen.setLineDash(entries[i].dashed ? [5, 3] : []);
    if (entries[i].kind === "Points") dot(pen, start + 8, down, 4);
    else line(start, down, start + 16, down);
    pen.setLineDash([]);
    pen.fillStyle = theme.ink;
    text(entries[i].label, start + 21, down, "left");
  });
  return {
    x,
    y,
    holds: (across, down) => Math.abs(across - area.left - area.width / 2) <= area.width / 2 && down >= area.top && down <= base,
    at: (across, down) => ({
      x: x0 + ((across - area.left) / area.width) * (x1 - x0),
      y: y1 - ((down - area.top) / area.height) * (y1 - y0),
    }),
  };
}

// The box of each panel: columns side by side, as wide as their shares, in as many rows as the width asks for.
function layOut(panels, width) {
  const columns = [], rows = [], boxes = [];
  panels.forEach((panel, i) => (panel.below && columns.length ? columns.at(-1).push(i) : columns.push([i])));
  const share = (column) => panels[column[0]].share;
  let room = 0;
  for (const column of columns) {
    const least = NARROWEST * Math.max(share(column), 0.8);
    if (!rows.length || room < least) [room] = [width, rows.push([])];
    rows.at(-1).push(column);
    room -= least;
  }
  const shares = rows.map((row) => row.reduce((sum, column) => sum + share(column), 0));
  let top = 0;
  rows.forEach((row, r) => {
    const unit = width / Math.max(shares[r], row.length > 1 || rows[0].length > 1 ? Math.max(...shares) : 0);
    const wanted = row.map((column) =>
      column.length > 1 ? column.length * LOWEST
        : panels[column[0]].equal ? Math.max(LOW, Math.min(HIGH, unit * share(column) * 0.95)) : LOW);
    const height = Math.max(...wanted);
    let left = 0;
    for (const column of row) {
      const high = height / column.length, wide = unit * share(column);
      column.forEach((i, k) => { boxes[i] = { left, top: top + k * high, width: wide, height: high, row: r, alone: column.length === 1 }; });
      left += wide;
    }
    top += height;
  });
  return { boxes, height: top };
}

function render({ model, el }) {
  const view = Math.random().toString(36).slice(2);
  const canvas = Object.assign(document.createElement("canvas"), { className: "gan-stage" });
  const sentence = Object.assign(document.createElement("p"), { className: "gan-sentence" });
  canvas.setAttribute("role", "img");
  canvas.style.cssText = "display: block; width: 100%";
  sentence.style.cssText = "margin: 4px 8px; min-height: 3em; line-height: 1.45; max-width: 100ch; color: var(--jp-ui-font-color1)";
  el.style.width = "100%";
  el.append(canvas, sentence);
  const pen = canvas.getContext("2d");
  let handles = [], places = [], waiting = 0, painted = 0, shown = -1, reporting = 0, telling = 0, stale = false;
  const send = (message) => { try { model.send({ view, ...message }); } catch { /* the kernel is gone */ } };

  function draw() {
    waiting = 0;
    const { panels } = JSON.parse(model.get("scene")), width = el.clientWidth, data = model.get("data"), step = model.get("step");
    if (!panels || !width) return;
    const sharp = window.devicePixelRatio || 1, { boxes, height } = layOut(panels, width);
    if (canvas.width !== Math.floor(width * sharp) || canvas.height !== Math.floor(height * sharp)) {
      Object.assign(canvas, { width: width * sharp, height: height * sharp });
      canvas.style.height = `${height}px`;
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    canvas.style.touchAction = model.get("listens") ? "none" : "pan-y";
    const theme = readTheme(pen, el), buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
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
        layer.names.forEach((handle, k) => handles.push({ handle, panel: i, x: place.x(at[2 * k]), y: place.y(at[2 * k + 1]) }));
      }
      return place;
    });
    canvas.handles = Object.fromEntries(handles.map((h) => [h.handle, [h.x, h.y]]));
    canvas.areas = panels.map(({ xlim, ylim }, i) => [...xlim.map(places[i].x), ...ylim.map(places[i].y)]);
    canvas.label = panels.map((panel) => panel.title).join("; ");
    if (!model.get("playing")) canvas.setAttribute("aria-label", canvas.label);
    canvas.classList.add("gan-drawn");
    if (step === shown) return;
    shown = step;
    canvas.painted = ++painted;
    reporting ||= setTimeout(report, SELDOM);
  }
  const report = () => { reporting = 0; send({ painted: shown, frames: painted }); };
  const redraw = () => { waiting ||= requestAnimationFrame(draw); };
  const fresh = () => { redraw(); if (document.hidden) send({ alive: true }); };
  const tell = () => {
    telling = 0;
    if (stale) return;
    sentence.textContent = model.get("sentence");
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
  const listen = (message) => { if (message.heard) heard(); };
  const tellKernel = (kind, event) => {
    if (held.handle && kind === "move" && queue.at(-1)?.kind === "move") queue.pop();
    queue.push({ kind, panel: held.panel, handle: held.handle, ...places[held.panel].at(event.offsetX, event.offsetY) });
    flush();
  };
  const nearest = (event) => handles.find((h) => Math.hypot(h.x - event.offsetX, h.y - event.offsetY) < REACH);
  const below = (event) => {
    const panel = model.get("listens") ? places.findIndex((place) => place.holds(event.offsetX, event.offsetY)) : -1;
    return panel < 0 ? null : { panel };
  };
  canvas.onpointerdown = (event) => {
    if (event.button || !(held = nearest(event) ?? below(event))) return;
    canvas.setPointerCapture(event.pointerId);
    tellKernel("down", event);
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (held) tellKernel("up", event);
    held = null;
  };
  canvas.onpointermove = (event) => {
    canvas.style.cursor = held?.handle ? "grabbing" : nearest(event) ? "grab" : below(event) ? "crosshair" : "default";
    if (held) tellKernel("move", event);
  };

  // a lab's letters count wherever in it the focus is, and JupyterLab must not take them for commands of its own
  const letters = model.get("letters") ?? "";
  if (letters) canvas.tabIndex = 0;
  const onKey = (event) => {
    const lab = canvas.closest(".widget-vbox") ?? el, key = event.key === "Enter" && !event.shiftKey ? "\n" : event.key.toLowerCase();
    if (!lab.contains(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (key.length !== 1 || !letters.includes(key) || event.target.closest("input, textarea, [contenteditable=true]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.repeat) return;
    queue.push({ kind: "key", key });
    flush();
  };
  if (letters) window.addEventListener("keydown", onKey, true);

  const heed = { "change:step": fresh, "change:sentence": tellSoon, "change:playing": hush, "msg:custom": listen, "comm_live_update": check };
  for (const [what, how] of Object.entries(heed)) model.on(what, how);
  const size = new ResizeObserver(redraw), look = new MutationObserver(redraw);
  size.observe(el);
  look.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  status?.connect(follow);
  tell();
  hush();
  redraw();
  return () => {
    status?.disconnect(follow);
    cancelAnimationFrame(waiting);
    clearTimeout(reporting);
    clearTimeout(telling);
    size.disconnect();
    look.disconnect();
    window.removeEventListener("keydown", onKey, true);
    for (const [what, how] of Object.entries(heed)) model.off(what, how);
    send({ gone: true });
  };
}

export default { render };
