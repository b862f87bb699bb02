// The strip over a GAN's picture: noise → G → fake → D ← real, and the gradients on their way back. What is at work is
// lit; dots travel along the arrows, forward first, then back.

const GRADIENT = "#B00060", STRIP = 74, TURN = 900;  // a gradient's colour; pixels; milliseconds of one player's turn
const ROUTES = {  // of each player's turn: forward, and its gradient back
  discriminator: { forward: ["toD", "realD", "out"], back: ["backD"] },
  generator: { forward: ["toG", "toFake", "toD", "out"], back: ["backD", "backG"] },
};

function stripPlaces(width) {
  const narrow = width < 560, box = narrow ? 62 : 92, y = 22, margin = 8;
  const at = (k) => margin + (k * (width - 2 * margin - box)) / 4;  // five boxes in a row
  const names = ["noise", "generator", "fake", "discriminator", "loss"];
  const boxes = Object.fromEntries(names.map((name, k) => [name, { x: at(k), y: 6, w: box, h: 32 }]));
  boxes.real = { x: at(2), y: STRIP - 27, w: box, h: 24 };
  const right = ({ x, w }) => x + w, d = boxes.discriminator, gap = 3;
  const low = 44;  // where gradients run
  return { boxes, narrow, arrows: {
    toG: [[right(boxes.noise) + gap, y], [boxes.generator.x - gap, y]],
    toFake: [[right(boxes.generator) + gap, y], [boxes.fake.x - gap, y]],
    toD: [[right(boxes.fake) + gap, y], [d.x - gap, y]],
    realD: [[right(boxes.real) + gap, STRIP - 15], [d.x + 0.18 * box, STRIP - 15], [d.x + 0.18 * box, 38 + gap]],
    out: [[right(d) + gap, y], [boxes.loss.x - gap, y]],
    backD: [[boxes.loss.x + 0.3 * box, 38 + gap], [boxes.loss.x + 0.3 * box, low + 12], [d.x + 0.7 * box, low + 12], [d.x + 0.7 * box, 38 + gap]],
    backG: [[d.x + 0.45 * box, 38 + gap], [d.x + 0.45 * box, low + 3], [boxes.generator.x + 0.5 * box, low + 3], [boxes.generator.x + 0.5 * box, 38 + gap]],
  } };
}

// A point on the way along a path of corners, at a share of its length.
function along(corners, share) {
  const lengths = corners.slice(1).map(([x, y], k) => Math.hypot(x - corners[k][0], y - corners[k][1]));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [k, length] of lengths.entries()) {
    if (left <= length || k === lengths.length - 1) {
      const part = length ? left / length : 0, [[x0, y0], [x1, y1]] = [corners[k], corners[k + 1]];
      return [x0 + part * (x1 - x0), y0 + part * (y1 - y0)];
    }
    left -= length;
  }
}

// `lit`: "discriminator", "generator", "both", or "" for nobody; `time`: from 0 to 1, forward in its first half.
function drawStrip(pen, strip, width, theme, lit, time) {
  const { boxes, arrows, narrow } = stripPlaces(width);
  const player = lit === "both" ? (time < 0.5 ? "discriminator" : "generator") : lit;
  const phase = lit === "both" ? (2 * time) % 1 : time, route = ROUTES[player];
  const forward = new Set(route?.forward), back = new Set(route?.back);
  const words = {
    noise: ["noise z", theme.ink], generator: [narrow ? "G" : "generator G", strip.fake], fake: [narrow ? "fake" : "fake G(z)", strip.fake],
    real: [narrow ? "real" : "real x", strip.real], discriminator: [narrow ? "D" : "discriminator D", strip.discriminator], loss: ["losses", GRADIENT],
  };
  const strength = (name) => (!route || forward.has(name) || back.has(name) ? 1 : 0.25);
  pen.clearRect(0, 0, width, STRIP);
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  for (const [name, corners] of Object.entries(arrows)) {
    const gradient = name.startsWith("back"), color = theme.beside(gradient ? GRADIENT : name === "realD" ? strip.real : name === "toG" ? "ink" : strip.fake);
    pen.strokeStyle = pen.fillStyle = name === "out" ? theme.ink : color;
    pen.globalAlpha = strength(name) * (route && gradient && phase < 0.5 ? 0.35 : 1);
    pen.lineWidth = 1.6;
    pen.setLineDash(gradient ? [5, 3] : []);
    pen.beginPath();
    corners.forEach(([x, y], k) => pen[k ? "lineTo" : "moveTo"](x, y));
    pen.stroke();
    pen.setLineDash([]);
    const [[x0, y0], [x1, y1]] = corners.slice(-2), angle = Math.atan2(y1 - y0, x1 - x0);
    pen.beginPath();
    pen.moveTo(x1 + 3 * Math.cos(angle), y1 + 3 * Math.sin(angle));
    for (const side of [-0.45, 0.45]) pen.lineTo(x1 - 6 * Math.cos(angle + side), y1 - 6 * Math.sin(angle + side));
    pen.fill();
    const travels = forward.has(name) ? 2 * phase : back.has(name) ? 2 * phase - 1 : -1;
    if (travels >= 0 && travels <= 1) {
      const [x, y] = along(corners, travels);
      pen.globalAlpha = 1;
      dot(pen, x, y, 4.5);
    }
  }
  for (const [name, { x, y, w, h }] of Object.entries(boxes)) {
    const [text, color] = words[name], plain = name === "noise" || name === "fake" || name === "real";
    const asleep = route && ((player === "discriminator" && (name === "generator" || name === "noise")) || (player === "generator" && name === "real"));
    const learns = route && name === player && phase >= 0.5;
    pen.globalAlpha = asleep ? 0.35 : 1;
    pen.beginPath();
    pen.roundRect(x, y, w, h, plain ? h / 2 : 6);
    pen.fillStyle = theme.back;
    pen.fill();
    pen.strokeStyle = theme.beside(color);
    pen.fillStyle = theme.beside(color);
    pen.globalAlpha *= learns ? 0.35 : 0.1;
    pen.fill();
    pen.globalAlpha = asleep ? 0.35 : 1;
    pen.lineWidth = learns ? 3 : 1.6;
    pen.stroke();
    pen.fillStyle = theme.ink;
    pen.font = `${name === player ? 600 : 400} 12px ${theme.font}`;
    const values = strip.values?.[name];
    pen.fillText(values && narrow ? values : text, x + w / 2, y + h / 2 - (values && !narrow ? 6 : 0), w - 6);
    if (values && !narrow) {
      pen.font = `12px ${theme.font}`;
      pen.fillText(values, x + w / 2, y + h / 2 + 8, w - 6);
    }
  }
  pen.globalAlpha = 1;
}

// The strip's own canvas: it moves with the frames of a training, and by itself after a single step.
function stripOf(el) {
  const canvas = Object.assign(document.createElement("canvas"), { className: "gan-strip" });
  canvas.setAttribute("aria-hidden", "true");  // the sentence says what is shown
  canvas.style.cssText = `display: none; width: 100%; height: ${STRIP}px`;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let running = 0, last = null;
  const paint = (strip, theme, lit, time) => {
    const width = el.clientWidth, sharp = window.devicePixelRatio || 1;
    canvas.style.display = "block";
    if (canvas.width !== Math.floor(width * sharp)) Object.assign(canvas, { width: width * sharp, height: STRIP * sharp });
    const pen = canvas.getContext("2d");
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    Object.assign(canvas, { lit, time });
    drawStrip(pen, strip, width, theme, lit, time);
  };
  const run = (strip, theme) => {
    cancelAnimationFrame(running);
    const start = performance.now(), lasts = strip.lit === "both" ? 2 * TURN : TURN;
    const move = (now) => {
      const time = Math.min(1, (now - start) / Math.min(lasts, strip.pause || lasts));
      paint(strip, theme, time < 1 ? strip.lit : "", Math.min(time, 0.999));
      running = time < 1 ? requestAnimationFrame(move) : 0;
    };
    running = requestAnimationFrame(move);
  };
  let drawn = 0;
  const show = (strip, theme, playing, fresh) => {
    if (!strip) return void (canvas.style.display = "none");
    if (calm || !strip.lit) return paint(strip, theme, strip.lit, 0.6);
    if (playing && !strip.pause) {  // at full speed a turn is too short to be seen: the dots travel through many
      cancelAnimationFrame(running);
      running = 0;
      if (!fresh || ++drawn % 3 === 0) paint(strip, theme, "both", (performance.now() / (2 * TURN)) % 1);
    } else if (fresh && last !== null) run(strip, theme);
    else if (!running) paint(strip, theme, "", 0);
    last = strip;
  };
  return { canvas, show, stop: () => cancelAnimationFrame(running) };
}
