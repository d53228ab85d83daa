/** The style sheet of the report. */
export const STYLE = `*{box-sizing:border-box}
body{margin:0;background:var(--ink-page);color:var(--ink-text);font:16px/1.5 system-ui,'Segoe UI','DejaVu Sans',sans-serif}
main{max-width:1024px;margin:0 auto;padding:28px 20px 80px}
h1{font-size:30px;line-height:1.2;margin:0 0 8px}
h2{font-size:23px;line-height:1.3;margin:52px 0 8px;padding-top:14px;border-top:1px solid var(--ink-grid)}
h3{font-size:16px;margin:28px 0 6px}
p{max-width:76ch;margin:8px 0}
.remark,.note,figcaption{color:var(--ink-quiet);font-size:14px}
.finding{font-size:18px;max-width:none}
.cards{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px;margin:20px 0 0;padding:0}
.cards a{display:flex;flex-direction:column;height:100%;padding:10px;color:inherit;text-decoration:none;border:1px solid var(--ink-grid);border-radius:8px}
.cards a:hover,.cards a:focus-visible{border-color:var(--ink-blue)}
.cards svg{display:block;width:100%;height:auto;max-width:360px}
.cards b{margin-top:8px;color:var(--ink-blueText)}
.cards span{font-size:14.5px;line-height:1.4}
figure{margin:0 0 24px}
.panels{display:flex;flex-wrap:wrap;gap:16px}
.panel{max-width:100%;overflow-x:auto}
.panel svg{display:block;height:auto;max-width:100%}
figcaption{max-width:90ch;margin-top:6px}
.wide{overflow-x:auto;margin:20px 0 4px}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th{text-align:left;font-weight:400}
thead th{color:var(--ink-quiet);font-weight:600}
th,td{padding:4px 16px 4px 0;border-bottom:1px solid var(--ink-grid);vertical-align:top}
.claims{width:100%}
.claims td{white-space:nowrap}
.claims th[scope=row]{width:100%;padding-right:0}
.claims td:first-child{font-weight:600}
.claims small{font-size:13px;font-weight:400;color:var(--ink-quiet);margin-left:4px}
.claims .yes td:first-child{color:var(--ink-greenText)}
.claims .no td:first-child{color:var(--ink-redText)}
.claims .mixed td:first-child{color:var(--ink-orangeText)}
.claims details{margin:0;font-size:14px;color:inherit}
.claims ul{color:var(--ink-quiet)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 'DejaVu Sans Mono',ui-monospace,monospace;padding:12px 14px;border:1px solid var(--ink-grid);border-radius:6px}
details{margin:10px 0;font-size:15px}
summary{cursor:pointer;color:var(--ink-quiet)}
.claims summary{color:inherit}
details ul{margin:6px 0;padding-left:22px}
details li{margin:4px 0;max-width:80ch}
.configuration td{overflow-wrap:anywhere}
@media (max-width:700px){main{padding:18px 14px 60px}h1{font-size:26px}h2{font-size:21px;margin-top:40px}.panel svg.scrolls{min-width:640px;max-width:none}.claims td small{display:block;margin:0}}
`;
