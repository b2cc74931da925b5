// Writes dashboards/*.json. `node build.mjs` writes, `node build.mjs --check` says whether they are what it would write.
// Why a generator: six dashboards share variables, links, colours and units, and differ in their queries. Written by
// hand that is 4000 lines in which the queries are the tenth part. It needs nothing but Node.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fleet from './fleet.mjs';
import gateway from './gateway.mjs';
import ingest from './ingest.mjs';
import release from './release.mjs';
import rollout from './rollout.mjs';
import simulator from './simulator.mjs';

const check = process.argv.includes('--check');
let stale = 0;
for (const dashboard of [fleet, rollout, release, ingest, gateway, simulator]) {
  const file = fileURLToPath(new URL(`../dashboards/${dashboard.uid}.json`, import.meta.url));
  const text = JSON.stringify(dashboard, null, 2) + '\n';
  if (!check) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file}: is not what source/ says. Fix: node monitoring/mixin/source/build.mjs`);
    stale++;
  }
}
process.exit(stale ? 1 : 0);
