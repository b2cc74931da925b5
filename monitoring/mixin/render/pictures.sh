#!/usr/bin/env bash
# Makes the pictures anew: tells the story of `./earshot up` to a real Prometheus and draws the dashboards from what it
# saw. Needs prometheus, chromium, jq and Node 18 or later (Debian: apt-get install prometheus chromium jq nodejs npm); pngquant,
# where it is installed, makes the files smaller. Takes as long as the story, about five minutes, and touches nothing but the pictures.
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci
EARSHOT=${EARSHOT:-../../../earshot}
devices=${1:-500}
work=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
started=()
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait || true
  rm -rf "$work"
}
trap finish EXIT

cat > "$work/prometheus.yml" <<YAML
global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 5s}
rule_files: ["$PWD/../rules/earshot.yaml"]
scrape_configs:
$(n=0; for job in gateway registry rollout monitoring simulator; do
    echo "  - {job_name: earshot-$job, static_configs: [{targets: [\"127.0.0.1:$((port + n))\"]}]}"; n=$((n + 1)); done)
YAML
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" \
  --web.listen-address="127.0.0.1:$((port + 9))" --log.level=warn > "$work/prometheus.log" 2>&1 &
started+=($!)
$EARSHOT up --data "$work/data" --devices "$devices" --kafka-port 0 --mqtt-port 0 --gateway-port "$port" \
  --registry-port $((port + 1)) --rollout-port $((port + 2)) --monitoring-port $((port + 3)) \
  --simulator-port $((port + 4)) > "$work/up.log" 2>&1 &
up=$!
started+=($up)

ask() { curl -sf --get "http://127.0.0.1:$((port + 9))/api/v1/$1" "${@:2}"; }
first() { # when a query had an answer first
  ask query_range --data-urlencode "query=$1" -d "start=$begin" -d "end=$(date +%s)" -d step=2 |
    jq -r '.data.result[0].values[0][0] | floor'
}
begin=$(date +%s)
until grep -q 'The story is told' "$work/up.log"; do
  kill -0 "$up" || { cat "$work/up.log"; exit 1; }
  sleep 2
done
sleep 20
to=$(date +%s)
all=$(first 'sum(earshot_fleet_devices) > 0')
worse=$(first 'sum(earshot_rollout_state{release="hey-nova:1.2.0"})')
rollout=$(ask query --data-urlencode 'query=earshot_rollout_state{release="hey-nova:1.2.0"}' | jq -r '.data.result[0].metric.rollout')
draw() { node render.mjs --prometheus "http://127.0.0.1:$((port + 9))" --to "$to" --out ../pictures "$@"; }
mkdir -p ../pictures
for name in fleet release ingest gateway simulator; do
  draw --only "earshot-$name" --from "$all"
done
draw --only earshot-rollout --from $((worse - 10)) --var "rollout=$rollout"
if [ -n "${KEEP:-}" ]; then
  echo "$all $to $worse $rollout" > "$work/range"
  cp -r "$work" "$KEEP"
fi
