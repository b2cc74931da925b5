// Draws the dashboards as pictures: the same JSON that Grafana reads, real data of a Prometheus, the library that Grafana
// draws with (uPlot), Chromium. It shows what the queries say and how it is laid out; it is not Grafana.
//
//   node render.mjs --prometheus http://127.0.0.1:9090 --from EPOCH_S --to EPOCH_S [--step S] [--rate-interval S]
//                   [--only earshot-fleet] [--var rollout=r-1] [--out ../pictures]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { panels } from './panels.mjs';
import { Prometheus } from './prometheus.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: args } = parseArgs({
  options: {
    prometheus: { type: 'string', default: 'http://127.0.0.1:9090' },
    from: { type: 'string' },
    to: { type: 'string' },
    step: { type: 'string', default: '2' },
    'rate-interval': { type: 'string', default: '20' },
    only: { type: 'string' },
    var: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: join(here, '../pictures') },
    chromium: { type: 'string', default: 'chromium' },
    width: { type: 'string', default: '1600' },
    'keep-html': { type: 'boolean', default: false },
  },
});
const to = Math.floor(Number(args.to ?? Date.now() / 1000));
const from = Math.floor(Number(args.from ?? to - 900));
const prometheus = new Prometheus(args.prometheus, from, to, { step: Number(args.step), rateInterval: Number(args['rate-interval']) });
const chosen = Object.fromEntries(args.var.map((text) => text.split(/=(.*)/s).slice(0, 2)));
const ROW = 38;
const TOP = 56;

const page = (content) => `<!doctype html><meta charset="utf-8"><title>${content.title}</title>
<style>${readFileSync(join(here, 'node_modules/uplot/dist/uPlot.min.css'), 'utf8')}${readFileSync(join(here, 'page.css'), 'utf8')}</style>
<body><script>${readFileSync(join(here, 'node_modules/uplot/dist/uPlot.iife.min.js'), 'utf8')}</script>
<script>const DASHBOARD = ${JSON.stringify(content).replaceAll('<', '\\u003c')};</script>
<script>${readFileSync(join(here, 'page.js'), 'utf8')}</script></body>`;

/** Fewer colours, where pngquant is installed. */
function smaller(picture) {
  try {
    execFileSync('pngquant', ['--force', '--quality=70-98', '--output', picture, picture], { stdio: 'ignore' });
  } catch (e) {
    if (e.code !== 'ENOENT') throw e;
  }
}

const folder = join(here, '../dashboards');
const work = mkdtempSync(join(tmpdir(), 'earshot-render-'));
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json') && (!args.only || name === `${args.only}.json`))) {
    const dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const content = { ...(await panels(dashboard, prometheus, chosen)), from, to, width: Number(args.width) };
    const height = TOP + ROW * Math.max(...content.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    const html = join(work, `${dashboard.uid}.html`);
    const picture = resolve(args.out, `${dashboard.uid}.png`);
    writeFileSync(html, page(content));
    execFileSync(
      args.chromium,
      ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-color-profile=srgb', `--user-data-dir=${join(work, 'profile')}`, `--window-size=${args.width},${height}`, `--screenshot=${picture}`, `file://${html}`],
      { stdio: 'ignore', timeout: 120_000 },
    );
    smaller(picture);
    console.log(`${picture}  ${Math.round(statSync(picture).size / 1024)} KB`);
    if (args['keep-html']) {
      writeFileSync(picture.replace(/png$/, 'html'), readFileSync(html));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
