"""The style of a run's page: for a desk, a telephone and paper. It loads nothing, fonts included."""

STYLE = """
:root {
  --ink: #1c1b1a; --soft: #5d5852; --line: #d8d2c9; --accent: #8a1c1c; --ground: #fbfaf8; color-scheme: light;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 68rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 2px solid var(--accent); }
h3 { font-size: 1rem; margin: 0 0 .4rem; }
p { margin: .4rem 0; }
.soft, figcaption, dt { color: var(--soft); }
.notice { padding: .5rem .8rem; border-left: .3rem solid #b07a00; background: #fff4d6; }
dl { margin: 0; }
dl.facts { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .1rem 1rem; }
dd { margin: 0; min-width: 0; }
.wide { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .55rem; text-align: right; white-space: nowrap; }
tr { border-bottom: 1px solid var(--line); }
tbody th { text-align: left; font-weight: 600; position: sticky; left: 0; background: var(--ground); }
tbody th[colspan] { padding-top: .7rem; font-weight: 400; color: var(--soft); }
.terms { columns: 20rem; font-size: .85rem; margin: .4rem 0 1rem; }
.terms div { break-inside: avoid; }
.terms dt, .terms dd { display: inline; }
.terms dt::after { content: ": "; }
.plots { columns: 25rem; column-gap: 1rem; }
figure, article { padding: .8rem 1rem; background: #fff; border: 1px solid var(--line); break-inside: avoid; }
figure { margin: 0 0 1rem; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: .88rem; margin-top: .4rem; }
article { margin: 1rem 0; }
article h3 { font-weight: 400; }
.question { font-weight: 600; margin: 0 0 .5rem; white-space: pre-wrap; }
.bad { color: #a3150f; font-weight: 600; }
.pair { display: grid; gap: .8rem 1.5rem; }
.pair { grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.pair h4 { margin: 0 0 .2rem; font-size: .85rem; color: var(--accent); }
.text, blockquote { white-space: pre-wrap; }
blockquote { margin: .2rem 0; padding-left: .7rem; border-left: .2rem solid var(--accent); }
ul { margin: .2rem 0; padding-left: 1.2rem; }
@media print {
  html { font-size: 8.5pt; }
  body { max-width: none; padding: 0; background: #fff; }
  h2, h4 { break-after: avoid; }
  table { font-size: 1em; }
  .wide { overflow: visible; }
  th, td { padding: .1rem .25rem; }
  tbody th { position: static; background: none; }
  .plots { columns: 2; }
  article, figure { border-color: #999; }
  article { break-inside: auto; }
  h3, .question { break-after: avoid; }
}
@page { margin: 14mm; }
"""
