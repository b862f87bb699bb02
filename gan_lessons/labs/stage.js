// The stage draws a frame's panels on a canvas, in data coordinates and in the colours of JupyterLab's theme.
// `scene` says what to draw, `data` holds all arrays end to end, and a new `step` means: draw.

const LINE = 16, NARROWEST = 250, REACH = 24;  // pixels: a line of text, a panel's least width, a handle's reach

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
    pen.drawImage(small, x(left), y(top), x(right) - x(left), y(bottom) - y(top));
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
  Handles(pen, layer, values, { x, y }, _, theme) {
    layer.names.forEach((name, i) => {
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
  const top = box.top + 1.3 * LINE + legendRows * LINE + 6, bottom = box.top + box.height - 2.4 * LINE;
  const names = panel.rows.length ? panel.rows : ticks(panel.ylim, 5);
  const margin = 10 + (panel.ylabel ? LINE : 0) + Math.max(...names.map(([, name]) => pen.measureText(name).width));
  const area = { left: box.left + margin, top, width: box.width - 14 - margin, height: bottom - top };
  const [x0, x1] = panel.xlim, [y0, y1] = panel.ylim;
  if (panel.equal) {
    const unit = Math.min(area.width / (x1 - x0), area.height / (y1 - y0));
    area.left += (area.width - unit * (x1 - x0)) / 2;
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
  for (const [value, name] of ticks(panel.xlim, area.width / 55)) {
    line(x(value), area.top, x(value), base);
    text(name, x(value), base + 0.8 * LINE, "center");
  }
  for (const [value, name] of names) {
    line(area.left, y(value), area.left + area.width, y(value));
    text(name, area.left - 6, y(value), "right");
  }
  text(panel.xlabel, area.left + area.width / 2, base + 1.8 * LINE, "center", area.width);
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
  line(area.left, base, area.left + area.width, base);
  line(area.left, area.top, area.left, base);
  const entries = panel.layers.filter((layer) => layer.label);
  layLegend(pen, entries, box.left + box.width - area.left).places.forEach(([across, row], i) => {
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
  return { x, y, across: (pixel) => x0 + ((pixel - area.left) / area.width) * (x1 - x0) };
}

function render({ model, el }) {
  const canvas = Object.assign(document.createElement("canvas"), { className: "gan-stage" });
  const sentence = Object.assign(document.createElement("p"), { className: "gan-sentence" });
  canvas.setAttribute("role", "img");
  sentence.setAttribute("aria-live", "polite");
  canvas.style.cssText = "display: block; width: 100%; touch-action: pan-y";
  sentence.style.cssText = "margin: 4px 8px; min-height: 3em; line-height: 1.45; max-width: 100ch; color: var(--jp-ui-font-color1)";
  el.style.width = "100%";
  el.append(canvas, sentence);
  const pen = canvas.getContext("2d");
  let handles = [], held = null, waiting = 0;

  function draw() {
    waiting = 0;
    const { panels } = model.get("scene"), width = el.clientWidth, data = model.get("data");
    if (!panels || !width) return;
    const columns = Math.max(1, Math.min(panels.length, Math.floor(width / NARROWEST)));
    const wide = width / columns, sharp = window.devicePixelRatio || 1;
    const high = panels.some((panel) => panel.equal) ? Math.max(310, Math.min(420, wide)) : 310;
    const height = high * Math.ceil(panels.length / columns);
    Object.assign(canvas, { width: width * sharp, height: height * sharp });
    canvas.style.height = `${height}px`;
    canvas.setAttribute("aria-label", panels.map((panel) => panel.title).join("; "));
    const theme = readTheme(pen, el), buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    const read = ({ kind, start, shape }) =>
      new (kind === "Heat" ? Uint8Array : Float32Array)(buffer, start, shape.reduce((a, b) => a * b, 1));
    pen.scale(sharp, sharp);
    pen.font = `12px ${theme.font}`;
    pen.textBaseline = "middle";
    const legends = panels.map((panel) => layLegend(pen, panel.layers.filter((layer) => layer.label), wide - 60).rows);
    handles = [];
    panels.forEach((panel, i) => {
      const box = { left: (i % columns) * wide, top: Math.floor(i / columns) * high, width: wide, height: high };
      const { x, y, across } = drawPanel(pen, panel, box, Math.max(...legends), theme, read);
      for (const layer of panel.layers.filter((layer) => layer.kind === "Handles")) {
        const places = read(layer);
        layer.names.forEach((name, k) => handles.push({ name, x: x(places[2 * k]), y: y(places[2 * k + 1]), across }));
      }
    });
    canvas.dataset.handles = JSON.stringify(Object.fromEntries(handles.map((h) => [h.name, [h.x, h.y]])));
    canvas.dataset.step = model.get("step");
  }
  const redraw = () => { waiting ||= requestAnimationFrame(draw); };
  const tell = () => { sentence.textContent = model.get("sentence"); };

  const nearest = (event) => handles.find((h) => Math.hypot(h.x - event.offsetX, h.y - event.offsetY) < REACH);
  canvas.onpointerdown = (event) => { if ((held = nearest(event))) canvas.setPointerCapture(event.pointerId); };
  canvas.onpointerup = canvas.onpointercancel = () => { held = null; };
  canvas.onpointermove = (event) => {
    canvas.style.cursor = held ? "grabbing" : nearest(event) ? "grab" : "default";
    if (!held) return;
    model.set("drag", { name: held.name, x: held.across(event.offsetX) });
    model.save_changes();
  };

  model.on("change:step", redraw);
  model.on("change:sentence", tell);
  const size = new ResizeObserver(redraw), look = new MutationObserver(redraw);
  size.observe(el);
  look.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  tell();
  redraw();
  return () => {
    cancelAnimationFrame(waiting);
    size.disconnect();
    look.disconnect();
    model.off("change:step", redraw);
    model.off("change:sentence", tell);
  };
}

export default { render };
