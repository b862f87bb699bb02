// The stage's painters: a layer each, in data coordinates and in the colours of JupyterLab's theme.

const BYTES = new Set(["Heat", "Pictures"]);  // layers whose numbers are bytes

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
    // a surface or a wall of tiles keeps its colours in every theme, and so does what lies on it
    on: (surface) => (color) => (color === "ink" ? ink : dark && !surface ? `color-mix(in srgb, ${color} 72%, white)` : color),
    // beside the surface, as in a legend, black would vanish on a dark page
    beside: (color) => (color === "ink" || (dark && /^#(0|1|2|3){6}$/.test(color)) ? ink : dark ? `color-mix(in srgb, ${color} 72%, white)` : color),
  };
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
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = layer.width;
    pen.beginPath();
    const heads = new Path2D();
    for (let i = 0; i < values.length; i += 4) {
      const [x0, y0] = [x(values[i]), y(values[i + 1])];
      const [x1, y1] = [x(values[i] + values[i + 2]), y(values[i + 1] + values[i + 3])];
      const length = Math.hypot(x1 - x0, y1 - y0), head = Math.min(4 + 2.2 * layer.width, length);
      if (length < 1) continue;
      const [across, down] = [(x1 - x0) / length, (y1 - y0) / length];
      const [back, side] = [x1 - head * across, y1 - head * down];  // where the head begins
      pen.moveTo(x0, y0);
      pen.lineTo(back, side);
      heads.moveTo(x1, y1);
      heads.lineTo(back - 0.42 * head * down, side + 0.42 * head * across);
      heads.lineTo(back + 0.42 * head * down, side - 0.42 * head * across);
      heads.closePath();
    }
    pen.stroke();
    pen.fill(heads);
  },
  Writing(pen, layer, values, { x, y }, color, theme) {
    pen.fillStyle = color;
    pen.font = `${layer.size}px ${theme.font}`;
    pen.textAlign = layer.centred ? "center" : "left";
    layer.texts.forEach((text, i) => pen.fillText(text, x(values[2 * i]), y(values[2 * i + 1])));
  },
  Handles(pen, layer, values, { x, y }, _, theme) {
    layer.names.forEach((_name, i) => {
      const at = [x(values[2 * i]), y(values[2 * i + 1])], color = theme.beside(layer.colors[i]);
      if (layer.hollow) {
        ring(pen, ...at, theme.back, 4);
        ring(pen, ...at, color, 2);
      } else {
        pen.fillStyle = theme.back;
        dot(pen, ...at, 9);
        pen.fillStyle = color;
        dot(pen, ...at, 7);
      }
    });
  },
};

function ring(pen, x, y, color, width) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash([]);
  pen.beginPath();
  pen.arc(x, y, 15, 0, 2 * Math.PI);
  pen.stroke();
}

function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

