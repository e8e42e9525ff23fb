#!/bin/sh
# Joins the parts of templates, saves and publishes them; with --show only joins.
set -eu
cd "$(dirname "$0")"
host=${HOST:-http://localhost:7071} key=${KEY:-local-admin-key} show=
[ "${1:-}" = --show ] && show=1 && shift

html() { # NAME LANGUAGE
  awk -v content="$1.$2.html" -v foot="foot.$2.html" '
    /<!-- content -->/ { while ((getline line < content) > 0) print line; next }
    /<!-- foot -->/ { while ((getline line < foot) > 0) print line; next }
    { print }' layout.html
}

document() {
  jq --arg en "$(html "$1" en)" --arg pl "$(html "$1" pl)" '.html = $en | .locales.pl.html = $pl' "$1.json"
}

for name in ${*:-$(ls ./*.json | sed 's|^\./||; s|\.json$||')}; do
  if [ -n "$show" ]; then
    document "$name"
  else
    document "$name" | curl -fsS -X PUT "$host/api/templates/$name" -H "Authorization: Bearer $key" -d @- -o /dev/null
    curl -fsS -X POST "$host/api/templates/$name/publish" -H "Authorization: Bearer $key"
    echo
  fi
done
