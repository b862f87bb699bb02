// What makes a lab usable without a mouse and without sight, and what it says where the mouse rests.

// Sliders get their name and the value that they show; drop-downs get their tooltip.
function dress(lab, tips) {
  const put = (element, name, value) => { if (value && element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const fix = () => {
    for (const row of lab.querySelectorAll(".gan-control")) {
      const label = row.querySelector(".widget-label")?.textContent.trim(), handle = row.querySelector(".noUi-handle");
      if (handle) {
        put(handle, "aria-label", label);
        put(handle, "aria-valuetext", row.querySelector(".widget-readout")?.textContent.trim());
      }
      const list = row.querySelector("select");
      if (list) put(list, "title", tips[label]);
    }
  };
  const stopCopying = copier(lab);
  let soon = 0;
  const observer = new MutationObserver(() => { soon ||= setTimeout(() => { soon = 0; fix(); }, 30); });
  const rows = () => lab.querySelectorAll(".gan-control");
  const watch = () => rows().forEach((row) => observer.observe(row, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-valuetext"] }));
  const ready = setTimeout(() => { watch(); fix(); }, 100);
  fix();
  return () => { clearTimeout(ready); clearTimeout(soon); observer.disconnect(); stopCopying(); };
}

// “Copy” puts the text below it on the clipboard; where the browser forbids that, it selects the text.
function copier(lab) {
  const copy = async ({ target }) => {
    const button = target.closest?.(".gan-copy"), area = button?.closest(".gan-export")?.querySelector("textarea");
    if (!area) return;
    button.dataset.name ||= button.textContent;
    try {
      await navigator.clipboard.writeText(area.value);
      button.textContent = "Copied";
    } catch {
      area.focus();
      area.select();
      button.textContent = "Selected: press Ctrl+C or ⌘C";
    }
    setTimeout(() => { button.textContent = button.dataset.name; }, 2500);
  };
  lab.addEventListener("click", copy);
  return () => lab.removeEventListener("click", copy);
}

// Handles on the canvas: for each an element that can be focused and moved by the arrow keys; until the first is
// moved, they pulse, and the first says so.
function grips(el, canvas, names, move) {
  let kept = [];
  const words = (handle, at) => [handle].flat().map((name, k) => `${names[name]?.label ?? name} ${(+at[k].toPrecision(3))}`.replace("-", "−")).join(", ");
  const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  const make = () => {
    const grip = Object.assign(document.createElement("div"), { className: "gan-grip", tabIndex: 0 });
    grip.setAttribute("role", "slider");
    grip.onkeydown = (event) => {
      const way = keys[event.key], { handle, panel, at } = grip.shown, flat = [handle].flat();
      if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (flat.length < 2 && way[1]) [way[0], way[1]] = [way[1], 0];
      const step = (k) => (names[flat[k]]?.step ?? 0.1) * (event.shiftKey ? 5 : 1);
      el.classList.add("gan-touched");
      grip.shown.at = at.map((value, k) => value + way[k] * (k < flat.length ? step(k) : 0));
      move({ handle, panel, x: grip.shown.at[0], y: grip.shown.at[1] });
    };
    el.append(grip);
    return grip;
  };
  return (handles) => {
    while (kept.length < handles.length) kept.push(make());
    while (kept.length > handles.length) kept.pop().remove();
    handles.forEach((shown, k) => {
      const grip = kept[k], said = words(shown.handle, shown.at);
      grip.shown = shown;
      grip.style.transform = `translate(${canvas.offsetLeft + shown.x}px, ${canvas.offsetTop + shown.y}px)`;
      if (grip.said === said) return;
      grip.said = said;
      grip.setAttribute("aria-label", `Handle: ${[shown.handle].flat().map((name) => names[name]?.label ?? name).join(" and ")}`);
      grip.setAttribute("aria-valuetext", said);
      grip.setAttribute("aria-valuenow", shown.at[0]);
    });
  };
}

// What stands under the mouse, said beside it.
function tipOf(el, canvas) {
  const tip = Object.assign(document.createElement("div"), { className: "gan-tip", hidden: true });
  tip.setAttribute("role", "status");
  el.append(tip);
  return {
    show(text, x, y) {
      tip.hidden = !text;
      if (!text) return;
      tip.textContent = text;
      const right = x > canvas.clientWidth / 2;
      Object.assign(tip.style, { top: `${canvas.offsetTop + y + 12}px`, left: right ? "" : `${x + 14}px`, right: right ? `${el.clientWidth - x + 14}px` : "" });
    },
  };
}
