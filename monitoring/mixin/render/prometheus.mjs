// Asks a Prometheus what a panel asks, the way Grafana does: variables filled in, one step for each few pixels.

/** A Prometheus that is asked about one time range. */
export class Prometheus {
  constructor(url, from, to, { step, rateInterval }) {
    Object.assign(this, { url, from, to, step, rateInterval });
  }

  async get(path, parameters) {
    const url = `${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const answer = await (await fetch(url)).json();
    if (answer.status !== 'success') {
      throw new Error(`${path} ${JSON.stringify(parameters)}: ${answer.error}`);
    }
    return answer.data;
  }

  /** The query with what Grafana fills in; `values` maps a variable to a value or a list of them. */
  fill(text, values) {
    return text
      .replaceAll('$__rate_interval', `${this.rateInterval}s`)
      .replaceAll('$__interval', `${this.step}s`)
      .replaceAll('$__range', `${Math.round(this.to - this.from)}s`)
      .replace(/\$\{?(\w+)(?::\w+)?\}?/g, (all, name) =>
        name in values ? (Array.isArray(values[name]) ? `(${values[name].map(escape).join('|')})` : escape(values[name])) : all,
      );
  }

  /** The values of a variable that is a query `label_values(selector, label)`. */
  async variable(query, values) {
    const [, selector, label] = /^label_values\((.*), *(\w+)\)$/.exec(query);
    return this.get(`label/${label}/values`, { 'match[]': this.fill(selector, values), start: this.from, end: this.to });
  }

  /** Series on one grid of times: {times, series: [{labels, values}]}; null where there is nothing. */
  async range(query) {
    const { result } = await this.get('query_range', { query, start: this.from, end: this.to, step: this.step });
    const times = [];
    for (let at = this.from; at <= this.to; at += this.step) {
      times.push(at);
    }
    const series = result.map(({ metric, values }) => {
      const aligned = times.map(() => null);
      for (const [at, value] of values) {
        const number = Number(value);
        aligned[Math.round((at - this.from) / this.step)] = Number.isFinite(number) ? number : null;
      }
      return { labels: metric, values: aligned };
    });
    return { times, series };
  }

  /** What holds at the end of the range: [{labels, value}]. */
  async now(query) {
    const { result } = await this.get('query', { query, time: this.to });
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }
}

const escape = (value) => (value === '.*' ? value : value.replace(/[.+*?()|[\]{}^$\\]/g, '\\\\$&'));
