/** The look of the report's page. */
export const STYLE = `body{margin:0;background:var(--ink-page);color:var(--ink-text);font:16px/1.55 system-ui,'Segoe UI','DejaVu Sans',sans-serif}
main{max-width:1000px;margin:0 auto;padding:32px 24px 80px}
h1{font-size:32px;line-height:1.2;margin:0 0 12px}
h2{font-size:23px;line-height:1.3;margin:56px 0 10px;padding-top:14px;border-top:1px solid var(--ink-grid)}
h3{font-size:17px;margin:32px 0 4px}
p{max-width:76ch;margin:8px 0}
a{color:var(--ink-blueText)}
.remark,.note,figcaption,.question{color:var(--ink-quiet)}
.remark,.note,figcaption{font-size:14px}
.contents li{margin:8px 0;font-size:15px;color:var(--ink-quiet)}
.contents a{font-weight:600;font-size:16px}
.findings li{margin:6px 0;max-width:80ch}
figure{margin:0 0 28px}
figure svg{display:block;width:100%;height:auto}
figcaption{max-width:90ch;margin:6px 0 0 12px}
.wide{overflow-x:auto;margin:24px 0 4px}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th{text-align:left;color:var(--ink-quiet);font-weight:600}
tbody th{color:inherit;font-weight:400}
th,td{padding:5px 18px 5px 0;border-bottom:1px solid var(--ink-grid);vertical-align:top}
.claims th:first-child{min-width:220px}
.verdict{white-space:nowrap;font-weight:600}
.verdict small{font-weight:400;color:var(--ink-quiet)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 'DejaVu Sans Mono',ui-monospace,monospace;padding:12px 14px;border:1px solid var(--ink-grid);border-radius:6px}
details{margin:18px 0;font-size:14px;color:var(--ink-quiet)}
summary{cursor:pointer}
.configuration td{overflow-wrap:anywhere}
`;
