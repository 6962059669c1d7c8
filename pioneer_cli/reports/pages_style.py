"""The style sheet of the page on where the pages go: the house's colours, tables that stack on a phone, A4 on paper."""

STYLE = """
:root { --ink: #12303c; --accent: #0b5568; --tint: #eaf2f4; --line: #b9ccd2; --marks: #c8741a; color-scheme: light; }
*, ::before, ::after { box-sizing: border-box; }
html {
  font: 1rem/1.5 "Source Sans 3", "Source Sans Pro", -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  color: var(--ink); background: #fff; text-size-adjust: 100%; -webkit-text-size-adjust: 100%;
}
body { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem 2rem; overflow-wrap: anywhere; }
header { padding: 2rem 0 0.5rem; }
header p { margin: 0.3rem 0 0; font-size: 1.125rem; }
h1, h2, caption { color: var(--accent); line-height: 1.2; }
h1 { margin: 0; font-size: clamp(1.75rem, 1.25rem + 2vw, 2.25rem); }
h2 { margin: 2.25rem 0 0.75rem; padding-bottom: 0.3rem; border-bottom: 2px solid var(--accent); font-size: 1.375rem; }
main > p { max-width: 42rem; }
.room { padding: 0.7rem 1rem; border-left: 0.4rem solid var(--accent); background: var(--tint); font-weight: 600; }
.over { border-color: #9c1c1c; background: #fbeaea; }
footer { margin-top: 2rem; padding-top: 0.6rem; border-top: 1px solid var(--line); font-size: 0.875rem; }

table { width: 100%; margin: 1rem 0 1.5rem; border-collapse: collapse; font-size: 0.9375rem; line-height: 1.35; }
caption { margin-bottom: 0.5rem; text-align: left; font-weight: 600; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th {
  border-bottom: 2px solid var(--accent); color: var(--accent); vertical-align: bottom; overflow-wrap: break-word;
}
tbody th { font-weight: 400; }
.section > th, .section > td, .all > * { background: var(--tint); font-weight: 600; }
.number { font-variant-numeric: tabular-nums; }
.bars { display: grid; grid-template-columns: minmax(4rem, 1fr) 6.5rem; gap: 0.1rem 0.6rem; align-items: center; }
.bars span { font-weight: 400; white-space: nowrap; }
svg { display: block; width: 100%; height: 0.7rem; }
.of-pages rect { fill: var(--accent); }
.heading .of-pages rect { fill: #7fb3c1; }
.heading svg { height: 0.45rem; }
.of-marks rect { fill: var(--marks); }
q { quotes: "\\201c" "\\201d"; }

@media screen and (max-width: 47.99rem) {
  table, caption, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tbody tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { padding: 0.1rem 0.5rem; border: 0; }
  tbody th { font-weight: 600; }
  td::before { content: attr(data-label) ": "; color: var(--accent); font-size: 0.875rem; font-weight: 400; }
  td.number { display: inline-block; }
  td:empty, td.number:empty { display: none; }
  td[data-label^="Share"]::before { content: none; }
  .heading { padding-left: 0.75rem; }
  .heading > th { font-weight: 400; }
  .section, .all { background: var(--tint); }
}
@media print, (min-width: 48rem) {
  .number { text-align: right; white-space: nowrap; }
  .heading > th { padding-left: 1.4rem; }
  tbody th { width: 28%; }
  td[data-label^="Share"] { width: 34%; }
}
@page { size: A4; margin: 2cm; }
@media print {
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  header { padding-top: 0; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  rect, .room, .section > *, .all > * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
