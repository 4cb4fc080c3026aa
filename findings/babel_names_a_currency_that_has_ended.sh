#!/usr/bin/env bash
# Babel 2.18.0 beside iso4217 1.16.20260101: Bulgaria pays in euro since 2026-01-01, and the lev is off the list.
#
# get_territory_currencies() takes a date and says what people of a territory pay with on it. Its data are of the CLDR
# release that was packed, which was made before the change: for a day in 2026 it says BGN. Who proposes a currency by the
# address of a shop proposes one that banks and providers refuse; who checks a code by list_currencies() accepts every
# code that ever was, funds, metals and test codes included, as there is no call that says which of them are in use.
#
# Output seen:
#   BG on 2026-02-01: ['BGN']; BGN in ISO 4217: False
#   BG by ISO 4217: ['EUR']
#   in list_currencies(), and not in ISO 4217 of today: 130
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0' 'iso4217==1.16.20260101'
cat >"$folder/look.py" <<'PYTHON'
from datetime import date

from babel.numbers import get_territory_currencies, list_currencies
from iso4217 import Currency

listed = {each.code: each for each in Currency}
said = get_territory_currencies("BG", date(2026, 2, 1))
print(f"BG on 2026-02-01: {said}; BGN in ISO 4217: {'BGN' in listed}")
print("BG by ISO 4217:", [code for code, each in listed.items() if "BULGARIA" in each.country_names])
print("in list_currencies(), and not in ISO 4217 of today:", len(list_currencies() - set(listed)))
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
BG on 2026-02-01: ['BGN']; BGN in ISO 4217: False
BG by ISO 4217: ['EUR']
in list_currencies(), and not in ISO 4217 of today: 130
SEEN
