/** The look of all pages, light and dark. */

export const STYLE = `
:root{color-scheme:light dark;--bg:#f3f5f9;--card:#fff;--ink:#172033;--soft:#5b6678;--line:#dbe1ea;--accent:#2f5bea;
--ok:#177a4b;--no:#b3261e;--wait:#8a5a00;--note:#fff6df;--noteline:#f0d48a;--noteink:#5d4300}
@media(prefers-color-scheme:dark){:root{--bg:#10141c;--card:#1a202c;--ink:#e8ecf4;--soft:#9aa6b8;--line:#313a4a;--accent:#7c9bff;
--ok:#4cc38a;--no:#ff8a80;--wait:#f2c14e;--note:#2b2413;--noteline:#5c4a1c;--noteink:#f3dfa8}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:30rem;margin:0 auto;padding:1rem 1rem 2.5rem}
.note{background:var(--note);border:1px solid var(--noteline);color:var(--noteink);border-radius:12px;padding:.7rem .9rem;font-size:.875rem;margin:0 0 1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:16px;padding:1.25rem;box-shadow:0 1px 3px rgb(16 24 40/.06)}
h1{font-size:1.375rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:.8125rem;text-transform:uppercase;letter-spacing:.05em;color:var(--soft);margin:1.25rem 0 .5rem}
p{margin:.25rem 0 .75rem}.soft{color:var(--soft);font-size:.9375rem}
ul{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.4rem}
li{border-radius:99px;padding:.15rem .7rem;font-size:.875rem;background:color-mix(in srgb,var(--accent) 13%,transparent);color:var(--accent)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 .75rem}.pair>*{min-width:0}.wide{grid-column:1/-1}
label{display:block;font-size:.875rem;font-weight:600;margin:.5rem 0 .25rem}
input,select{width:100%;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:10px;padding:.6rem .75rem;min-height:2.875rem}
button,.button{display:block;width:100%;min-height:3rem;margin-top:.625rem;padding:.65rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;
border-radius:12px;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer}
.primary{background:var(--ok);border-color:var(--ok);color:var(--card);margin-top:0}
.ok{color:var(--ok)}.no{color:var(--no)}.wait{color:var(--wait)}.quiet{background:none;border-color:transparent;color:var(--soft)}
button:focus-visible,.button:focus-visible,input:focus-visible,select:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.error{color:var(--no);font-weight:600;margin-top:1rem}
.status{display:inline-block;font-weight:600;border:1px solid currentColor;border-radius:99px;padding:.1rem .75rem;margin:.25rem 0 .5rem}
main.all{max-width:64rem}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:normal}td code{display:block;min-width:15rem;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:600;white-space:nowrap}code{font:.8125rem ui-monospace,Consolas,monospace}a{color:var(--accent)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0;font-size:.875rem}dt{color:var(--soft)}dd{margin:0}
footer{color:var(--soft);font-size:.8125rem;margin-top:1rem;text-align:center}
`;
