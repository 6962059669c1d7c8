"""The style sheet of a gap report: the house's colours, filters by style alone, tables that stack on a phone, A4."""

from itertools import combinations

_OUTCOMES = ("met", "partly", "unmet", "unknown", "not-applicable")
_AUTHORITIES = ("call", "house", "accessibility")
_MIXED = [chosen for number in (1, 2, 3) for chosen in combinations(_AUTHORITIES, number)]
_HIDDEN = "\n".join(
    [
        *(f"body:has(#show-{name}:not(:checked)) .is-{name} {{ display: none; }}" for name in _OUTCOMES),
        *(f"body:has(#show-{name}:not(:checked)) .by-{name} {{ display: none; }}" for name in _AUTHORITIES),
        *(
            f"body{''.join(f':has(#show-{name}:not(:checked))' for name in chosen)} .only-{'-'.join(chosen)} "
            "{ display: none !important; }"
            for chosen in _MIXED
        ),
    ]
)

STYLE = (
    """
:root { --ink: #12303c; --accent: #0b5568; --tint: #eaf2f4; --line: #b9ccd2; color-scheme: light; }
*, ::before, ::after { box-sizing: border-box; }
html {
  font: 1rem/1.5 "Source Sans 3", "Source Sans Pro", -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  color: var(--ink); background: #fff; text-size-adjust: 100%; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem;
}
body { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem 2rem; overflow-wrap: anywhere; }
a { color: var(--accent); }
a:focus-visible, input:focus-visible, figure:focus-visible { outline: 3px solid #c8741a; outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.3rem 0.8rem; background: #fff; }
header { padding: 2rem 0 0.5rem; }
header p { margin: 0.3rem 0 0; font-size: 1.125rem; }
h1, h2, h3, caption { color: var(--accent); line-height: 1.25; }
h1 { margin: 0; font-size: clamp(1.75rem, 1.25rem + 2vw, 2.25rem); }
h2 { margin: 2.5rem 0 0.75rem; padding-bottom: 0.3rem; border-bottom: 2px solid var(--accent); font-size: 1.5rem; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1.125rem; }
p, ul { margin: 0.4rem 0; }
ul { padding-left: 1.2rem; }
section > p { max-width: 48rem; }
small { font-size: 0.8125rem; color: #3d5963; }
code { font-size: 0.875rem; }
q { quotes: "\\201c" "\\201d"; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; margin: 0.5rem 0; padding: 0; list-style: none; }
figure { margin: 1rem 0; overflow-x: auto; }
figure img { display: block; width: 100%; min-width: 30rem; height: auto; }
footer { margin-top: 2rem; padding-top: 0.6rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
.facts { padding: 0.8rem 1rem; border-left: 0.4rem solid var(--accent); background: var(--tint); }
.facts div { display: grid; grid-template-columns: 6rem 1fr; gap: 0.75rem; }
.code { font-weight: 700; }

.filters { display: none; }
fieldset { margin: 0; padding: 0.2rem 0.8rem 0.5rem; border: 1px solid var(--line); background: #fff; }
legend { font-weight: 600; }
label { display: inline-block; margin-right: 1rem; padding: 0.15rem 0; white-space: nowrap; }
input { width: 1.1rem; height: 1.1rem; margin: 0 0.2rem 0 0; vertical-align: -0.15rem; accent-color: var(--accent); }
@supports selector(:has(*)) {
  .filters { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 2rem 0 0; }
"""
    + _HIDDEN
    + """
}

article { margin: 1rem 0 1.5rem; padding: 0.1rem 1rem 0.6rem; border: 1px solid var(--line); }
article { border-left-width: 0.4rem; }
article h3 { margin-top: 0.7rem; }
article.is-met { border-left-color: #2c6e49; }
article.is-partly { border-left-color: #b0700f; }
article.is-unmet { border-left-color: #9c1c1c; }
article.is-unknown { border-left-color: #3f5f9e; }
.outcome {
  display: inline-block; padding: 0 0.5rem; border: 1px solid currentcolor; border-radius: 0.7rem; font-size: 0.8125rem;
  font-weight: 600; line-height: 1.4; color: var(--ink); background: #fff; white-space: nowrap;
}
.outcome.met { color: #1f5637; background: #e7f3ec; }
.outcome.partly { color: #6d4508; background: #fbf0cf; }
.outcome.unmet { color: #8a1717; background: #fbeaea; }
.outcome.unknown { color: #2f4a80; background: #e9eefa; }
dl { margin: 0.5rem 0; }
dt { font-weight: 600; color: var(--accent); }
dd { margin: 0; }
section > dl:not(.facts) > div { margin-bottom: 0.9rem; }
.gap { margin: 0 0 0.6rem; }
.gap p { margin: 0.1rem 0; }
dd > ul, dd > p { margin-top: 0; }

table { width: 100%; margin: 1rem 0 1.5rem; border-collapse: collapse; font-size: 0.9375rem; line-height: 1.35; }
caption { margin-bottom: 0.5rem; text-align: left; font-weight: 600; }
th, td { overflow-wrap: break-word; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th {
  border-bottom: 2px solid var(--accent); color: var(--accent); vertical-align: bottom; overflow-wrap: normal;
}
tbody th { font-weight: 400; }
.number { font-variant-numeric: tabular-nums; }

@media screen and (max-width: 47.99rem) {
  table, caption, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tbody tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  tbody th, td { padding: 0.1rem 0.5rem; border: 0; }
  tbody th { font-weight: 600; }
  td::before { content: attr(data-label) ": "; color: var(--accent); font-size: 0.875rem; }
  .facts div { grid-template-columns: 1fr; gap: 0; }
}
@media print, (min-width: 48rem) {
  .number { text-align: right; white-space: nowrap; }
  article dl > div { display: grid; grid-template-columns: 8rem 1fr; gap: 0.75rem; margin-bottom: 0.5rem; }
  article dd { min-width: 0; }
}
@page { size: A4; margin: 2cm; }
@media print {
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  header { padding-top: 0; }
  nav, .skip, .filters { display: none !important; }
  figure img { min-width: 0; }
  h2, h3, caption { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .gap, li { break-inside: avoid; }
  .facts, .outcome, article { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
)
