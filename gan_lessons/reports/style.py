"""The colours and the layout of the page."""

STYLE = """
:root { color-scheme: light dark; --paper: #fcfcfa; --ink: #1d1f23; --soft: #6b6f76; --line: #e4e4df; --card: #fff;
  --real: #0072b2; --fake: #d55e00; --judge: #008a64; --other: #8a4fa0 }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e8e8e4; --soft: #a0a4ab; --line: #33363c;
  --card: #1e2126; --real: #56b4e9; --fake: #f0883e; --judge: #3fc79a; --other: #c792ea } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px }
h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -.02em; margin: 0 0 6px }
header p, figcaption, .card span, .card li, th { color: var(--soft) }
header p { margin: 0 0 28px }
h2 { font-size: 1.25rem; margin: 44px 0 14px }
h3 { font-size: .95rem; font-weight: 600; margin: 0 0 6px }
.hero { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 24px; align-items: start }
figure { margin: 0 }
.hero img { width: 100%; height: auto; border-radius: 10px; background: #fff; border: 1px solid var(--line);
  image-rendering: auto }
figcaption { font-size: .85rem; margin-top: 6px }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; margin-top: 28px }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px }
.card b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; line-height: 1.2 }
.card ul { list-style: none; margin: 6px 0 0; padding: 0; font-size: .8rem }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(310px, 1fr)); gap: 20px }
.chart { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 8px }
svg { display: block; width: 100%; height: auto; overflow: visible }
svg text { font-size: 11px; fill: var(--soft) }
.grid { stroke: var(--line) }
line.ref { stroke: var(--soft); stroke-dasharray: 4 3 }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
path.real { stroke: var(--real) } path.fake { stroke: var(--fake) }
path.judge { stroke: var(--judge) } path.other { stroke: var(--other) }
circle.real, text.real { fill: var(--real) } circle.fake, text.fake { fill: var(--fake) }
circle.judge, text.judge { fill: var(--judge) } circle.other, text.other { fill: var(--other) }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; overflow-x: auto;
  font-size: .88rem }
table { border-collapse: collapse; margin-top: 10px; font-size: .9rem }
th, td { text-align: left; font-weight: 400; padding: 4px 20px 4px 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere }
audio { width: min(100%, 480px) }
@media print { body { background: #fff } .chart, .card { break-inside: avoid } }
"""
