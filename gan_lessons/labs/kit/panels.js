// A panel: its axes, legend and layers; and how panels share the width of the stage.

const LINE = 16, NARROWEST = 240;  // pixels: a line of text, a panel's least width
const LOW = 310, HIGH = 480, LOWEST = 196;  // a panel's height, at most if its units are equal, and in a column of several
const ROOM = 0.62;  // of the window's height that a picture may take, so that Play and picture fit one screen

function ticks([low, high], room) {
  const rough = (high - low) / Math.max(2, room), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const places = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) places.push(k * step);
  return places.map((value) => [value, String(+value.toPrecision(6)).replace("-", "−")]);
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
  const columns = panel.columns?.length ? panel.columns : ticks(panel.xlim, area.width / 55);
  for (const [value, name] of panel.bare ? [] : columns) {
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
  const paint = theme.on(panel.layers.some((layer) => layer.kind === "Heat"));
  const draw = (layer) => painters[layer.kind](pen, layer, read(layer), { x, y }, paint(layer.color ?? "ink"), theme);
  panel.layers.filter((layer) => layer.kind !== "Handles").forEach(draw);
  pen.restore();
  panel.layers.filter((layer) => layer.kind === "Handles").forEach(draw);  // whole, also at the rim

  pen.strokeStyle = theme.edge;
  if (!panel.bare) {
    line(area.left, base, area.left + area.width, base);
    line(area.left, area.top, area.left, base);
  }
  const entries = panel.layers.filter((layer) => layer.label);
  layLegend(pen, entries, box.width - 60).places.forEach(([across, row], i) => {
    const [start, down] = [area.left + across, box.top + 1.3 * LINE + (row + 0.5) * LINE];
    pen.strokeStyle = pen.fillStyle = theme.beside(entries[i].color);
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

// The box of each panel: columns side by side, as wide as their shares, in as many rows as the width asks for. What
// pictures of equal units cannot use of their width goes to the others of their row.
function layOut(panels, width, tallest) {
  const columns = [], rows = [], boxes = [];
  panels.forEach((panel, i) => (panel.below && columns.length ? columns.at(-1).push(i) : columns.push([i])));
  const share = (column) => panels[column[0]].share;
  const tall = (column) => column.reduce((sum, i) => sum + (panels[i].tall ?? 1), 0);
  let room = 0;
  for (const column of columns) {
    const least = NARROWEST * Math.max(share(column), 0.8);
    if (!rows.length || room < least || panels[column[0]].row) [room] = [width, rows.push([])];
    rows.at(-1).push(column);
    room -= least;
  }
  const [low, high] = [Math.max(200, Math.min(LOW, tallest)), Math.max(220, Math.min(HIGH, tallest))];
  const shares = rows.map((row) => row.reduce((sum, column) => sum + share(column), 0));
  let top = 0;
  rows.forEach((row, r) => {
    const filled = !row.some((column) => panels[column[0]].equal);  // curves take the whole width, squares keep their size
    const unit = width / Math.max(shares[r], !filled && (row.length > 1 || rows[0].length > 1) ? Math.max(...shares) : 0);
    // a sheet much wider than high needs no more height than its width gives it
    const natural = ([i]) => {
      const { xlim, ylim, bare } = panels[i], flat = (ylim[1] - ylim[0]) / (xlim[1] - xlim[0]);
      return flat > 0.6 ? Infinity : unit * share([i]) * flat + (bare ? 2.6 : 4.6) * LINE;
    };
    const wanted = row.map((column) =>
      column.length > 1 ? tall(column) * LOWEST
        : panels[column[0]].equal ? Math.min(natural(column), Math.max(low, Math.min(high, unit * share(column) * 0.95)))
          : low * tall(column));
    const height = Math.max(...wanted);
    // a lone square needs no more width than its height gives it
    const needs = row.map((column) => {
      const { equal, xlim, ylim } = panels[column[0]];
      const useful = ((xlim[1] - xlim[0]) / (ylim[1] - ylim[0])) * (height - 4.6 * LINE) + 76;
      return equal && column.length === 1 && row.length > 1 ? Math.min(unit * share(column), Math.max(useful, NARROWEST)) : 0;
    });
    const others = row.reduce((sum, column, k) => sum + (needs[k] ? 0 : share(column)), 0);
    const spare = unit * (shares[r] - others) - needs.reduce((sum, need) => sum + need, 0);
    const wide = (column, k) => (needs[k] ? needs[k] : share(column) * (unit + spare / others));
    let left = 0;
    row.forEach((column, place) => {
      let down = top;
      for (const i of column) {
        const each = (height * (panels[i].tall ?? 1)) / tall(column);
        boxes[i] = { left, top: down, width: wide(column, place), height: each, row: r, alone: column.length === 1 };
        down += each;
      }
      left += wide(column, place);
    });
    top += height;
  });
  return { boxes, height: top };
}
