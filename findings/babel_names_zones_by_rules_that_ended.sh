#!/usr/bin/env bash
# Babel 2.18.0 beside tzdata 2026.6: the name that is shown for a zone stays when the zone's offset has changed.
#
# British Columbia, Alberta and Manitoba stopped to change their clocks in 2026 and keep the offset of their former
# summer. Babel takes the hour from the zone's rules, and its name from the Unicode CLDR by whether it is summer time:
# for the rules it no longer is, so the name is that of the former winter. The hour and the name contradict each other,
# and whoever converts by the name ("PST is UTC-8") is an hour late. Offsets (`xxx`) are right. Python is told to read
# zones from tzdata alone, since it would else take the system's older files.
#
# Output seen:
#   America/Vancouver 08:00 Pacific Standard Time, is -07:00
#   America/Edmonton 09:00 Mountain Standard Time, is -06:00
#   America/Winnipeg 10:00 Central Standard Time, is -05:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0' 'tzdata==2026.6'
PYTHONTZPATH= "$folder/venv/bin/python" - > "$folder/output" <<'PYTHON'
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

instant = datetime(2027, 1, 15, 15, tzinfo=UTC)
for name in ("America/Vancouver", "America/Edmonton", "America/Winnipeg"):
    print(name, format_datetime(instant, "HH:mm zzzz, 'is' xxx", tzinfo=ZoneInfo(name), locale="en"))
PYTHON
cat "$folder/output"
diff "$folder/output" - <<'SEEN'
America/Vancouver 08:00 Pacific Standard Time, is -07:00
America/Edmonton 09:00 Mountain Standard Time, is -06:00
America/Winnipeg 10:00 Central Standard Time, is -05:00
SEEN
