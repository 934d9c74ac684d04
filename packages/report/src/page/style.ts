/** The page's style sheet. Colours have a contrast of at least 4.5 to their background in both schemes. */
export const style = `
:root { color-scheme: light dark; --bg: #fff; --soft: #f4f5f7; --fg: #1c2128; --dim: #59636e; --line: #d5d9df; --accent: #0059b3; --good: #0b6b3a; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --bg: #15181d; --soft: #1e232a; --fg: #e6e9ee; --dim: #a3adb8; --line: #3a424d; --accent: #7db8ff; --good: #6fd39b; --bad: #ff9b8f; } }
html { scroll-padding-top: 70px; }
* { box-sizing: border-box; }
[hidden], .hidden { display: none !important; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; background: var(--bg); color: var(--fg); }
header, main > section, footer { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 10px; }
p { margin: 4px 0; }
.dim, footer { color: var(--dim); }
a { color: var(--accent); }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; background: var(--bg); padding: 8px; z-index: 9; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
.numbers th, .numbers td { padding: 5px 18px 5px 0; text-align: right; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
.numbers th { font-weight: 500; } .numbers thead th { color: var(--dim); } .numbers th:first-child { text-align: left; }
.numbers tfoot th, .numbers tfoot td { font-weight: 650; border-top: 2px solid var(--line); }
.numbers td:nth-child(2) { font-weight: 650; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px; }
.charts > div { border: 1px solid var(--line); border-radius: 8px; padding: 8px; }
.charts svg { display: block; width: 100%; height: auto; }
.bar { position: sticky; top: 0; z-index: 2; background: var(--soft); border-block: 1px solid var(--line); margin-top: 32px !important; max-width: none !important; }
.bar > div { max-width: 1200px; margin: 0 auto; padding: 10px 0; display: flex; flex-wrap: wrap; gap: 6px 24px; align-items: center; }
.threshold-control { display: flex; flex: 1 1 380px; gap: 10px; align-items: center; }
.threshold-control label { font-weight: 600; }
#slider { flex: 1; width: 60px; min-width: 60px; margin: 0; height: 28px; accent-color: var(--accent); }
input[type=number] { width: 7.5em; }
input[type=number], select, button.plain { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 4px 8px; min-height: 34px; }
button { font: inherit; color: inherit; cursor: pointer; }
.counts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; }
.counts div { display: flex; gap: 6px; align-items: baseline; }
.counts dt { color: var(--dim); font-size: 13px; } .counts dd { margin: 0; font-weight: 650; font-variant-numeric: tabular-nums; }
.filters { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin-bottom: 8px; }
.filters label { display: flex; gap: 6px; align-items: center; color: var(--dim); } .filters select { color: var(--fg); }
.key { display: inline-flex; gap: 6px; align-items: center; margin-right: 14px; color: var(--dim); font-size: 13px; }
.key i { width: 12px; height: 12px; border-radius: 2px; display: inline-block; border: 2px solid; }
.ramp { width: 110px; height: 10px; border-radius: 2px; display: inline-block; }
#table { width: 100%; table-layout: fixed; }
#table thead th:nth-child(1) { width: 19%; } #table thead th:nth-child(2) { width: 112px; }
#table thead th { text-align: left; font-size: 13px; font-weight: 500; color: var(--dim); padding: 6px 8px; border-bottom: 1px solid var(--line); }
#table tbody th, #table tbody td { padding: 8px; border-bottom: 1px solid var(--line); vertical-align: middle; text-align: left; font-weight: 400; }
button.sort { background: none; border: 0; padding: 4px 0; }
th[aria-sort=descending] .arrow::after { content: " ↓"; } th[aria-sort=ascending] .arrow::after { content: " ↑"; } th[aria-sort] { color: var(--fg) !important; }
button.open { background: none; border: 0; padding: 4px 0; text-align: left; color: var(--accent); font-weight: 600; overflow-wrap: anywhere; }
button.open:hover { text-decoration: underline; }
.defect { display: block; color: var(--dim); font-size: 13px; overflow-wrap: anywhere; }
.score b { font-weight: 600; font-variant-numeric: tabular-nums; } .verdict { display: block; white-space: nowrap; font-size: 13px; color: var(--dim); }
.verdict[data-result=tp], .verdict[data-result=tn] { color: var(--good); } .verdict[data-result=fn], .verdict[data-result=fp] { color: var(--bad); font-weight: 600; }
.picture img, .picture canvas { display: block; width: 100%; max-width: 180px; height: auto; border-radius: 4px; background: #000; cursor: zoom-in; }
.picture.none span { color: var(--dim); font-size: 13px; }
details { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; } summary { cursor: pointer; }
pre { overflow-x: auto; font-size: 13px; line-height: 1.45; }
footer { padding-block: 32px; font-size: 13px; }
dialog { border: 1px solid var(--line); border-radius: 12px; background: var(--bg); color: var(--fg); padding: 18px; width: min(1500px, 96vw); max-height: 94vh; }
dialog::backdrop { background: rgb(0 0 0 / .6); }
dialog header { padding: 0; max-width: none; display: flex; gap: 8px; flex-wrap: wrap; align-items: center; margin-bottom: 12px; }
dialog header > div { flex: 1 1 200px; min-width: 0; } dialog h2 { margin: 0; overflow-wrap: anywhere; }
#viewer-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 12px; }
figure { margin: 0; } figure img, figure canvas { width: 100%; height: auto; display: block; border-radius: 4px; background: #000; image-rendering: pixelated; }
figcaption { color: var(--dim); font-size: 13px; margin-top: 4px; }
@media (min-width: 761px) { figure img, figure canvas { height: calc(46vh - 90px); object-fit: contain; object-position: left; background: none; } }
@media screen and (max-width: 760px) {
  header, main > section, footer { padding-inline: 14px; }
  .bar > div { gap: 4px 14px; } .threshold-control { flex-basis: 100%; gap: 6px; } input[type=number] { width: 6.4em; } html { scroll-padding-top: 120px; } .counts { gap: 0 14px; }
  #table thead { display: none; }
  #table tbody tr { display: grid; grid-template-columns: repeat(6, 1fr); gap: 8px; padding: 14px 0; border-bottom: 1px solid var(--line); }
  #table tbody th, #table tbody td { border: 0; padding: 0; width: auto; }
  #table tbody th { grid-column: span 4; } #table tbody td { grid-column: span 2; } .score { text-align: right !important; }
  dialog { padding: 14px; } dialog header > div { flex-basis: 100%; } dialog #viewer-close { margin-left: auto; }
  .picture::before { content: attr(data-title); display: block; font-size: 13px; color: var(--dim); margin-bottom: 2px; }
  .picture img, .picture canvas { max-width: none; }
}
@media print {
  :root { color-scheme: light; --bg: #fff; --soft: #f4f5f7; --fg: #1c2128; --dim: #59636e; --line: #d5d9df; --accent: #0059b3; --good: #0b6b3a; --bad: #b3261e; }
  body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main > section, footer { padding-inline: 0; }
  .bar { position: static; } .filters, button.plain, #slider, .skip, dialog { display: none; }
  .charts { grid-template-columns: repeat(3, 1fr); } .charts > div, tr, h2 { break-inside: avoid; } h2 { break-after: avoid; }
  #table thead { display: table-header-group; } #table thead th:nth-child(2) { width: 72px; }
  #table tbody th, #table tbody td { padding: 3px 4px; }
  .picture img, .picture canvas { max-width: 110px; }
}
`;
