// Holds dashboards/*.json against Grafana's types with tsc --strict: the whole dashboard, and each panel's options and
// field options against those of its own type. Needs `npm ci` here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const work = `${here}node_modules/.types/`;
const OWN = {
  bargauge: ['bargauge', 'BarGauge', false],
  heatmap: ['heatmap', 'Heatmap', true],
  stat: ['stat', 'Stat', false],
  table: ['table', 'Table', false],
  timeseries: ['timeseries', 'TimeSeries', true],
  xychart: ['xychart', 'XYChart', true],
};
// JSON has no enums: a string enum becomes its values, all else stays.
const HEAD = `import type { AnnotationQuery, Dashboard, DataQuery } from '@grafana/schema';
${Object.values(OWN)
  .map(([folder, name]) => `import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${folder}/panelcfg/x/${name}PanelCfg_types.gen';`)
  .join('\n')}
// What the Prometheus data source adds to an annotation.
type Marks = AnnotationQuery<DataQuery & { expr: string; interval: string }> & { titleFormat: string; textFormat: string; tagKeys: string; useValueForTime: boolean };
type Ours = Omit<Dashboard, 'annotations'> & { annotations: { list: Marks[] } };
type Json<T> = T extends string ? \`\${T}\` : T extends (infer E)[] ? Json<E>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
`;

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
for (const file of readdirSync(new URL('../dashboards/', import.meta.url))) {
  const dashboard = JSON.parse(readFileSync(new URL(`../dashboards/${file}`, import.meta.url), 'utf8'));
  const checks = [`export const dashboard: Json<Ours> = ${JSON.stringify(dashboard, null, 1)};`];
  for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
    if (!OWN[panel.type]) {
      throw new Error(`${file}: no types are named for panels of type ${panel.type}`);
    }
    const [, name, fields] = OWN[panel.type];
    checks.push(`/* ${panel.title} */ export const options${panel.id}: Json<Partial<${name}.Options>> = ${JSON.stringify(panel.options, null, 1)};`);
    if (fields) {
      checks.push(`export const fields${panel.id}: Json<Partial<${name}.FieldConfig>> = ${JSON.stringify(panel.fieldConfig.defaults.custom, null, 1)};`);
    }
  }
  writeFileSync(`${work}${file.replace('.json', '.ts')}`, HEAD + checks.join('\n'));
}
const files = readdirSync(work).map((name) => work + name);
try {
  execFileSync(
    'node',
    [`${here}node_modules/typescript/bin/tsc`, '--strict', '--noEmit', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--moduleResolution', 'nodenext', ...files],
    { stdio: 'inherit' },
  );
  console.log(`${files.length} dashboards are what Grafana's types say`);
} catch {
  process.exit(1);
}
