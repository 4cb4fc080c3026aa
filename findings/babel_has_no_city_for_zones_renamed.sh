#!/usr/bin/env bash
# Babel 2.18.0: the translated city of a zone that has been renamed is there and is not found.
#
# `get_timezone_location(..., return_city=True)` gives the city that a zone is named after, in the locale's words. For
# zones that the IANA database has renamed (Kathmandu, Kolkata, Kyiv, Yangon, Ho Chi Minh, Buenos Aires) it gives a part
# of the English identifier in every language. The locale's data hold the city, under the zone's older identifier; the
# lookup goes by the newer one, also when it is asked with the older. Zones never renamed (Tokyo) are translated.
#
# Output seen:
#   hi Asia/Kathmandu Kathmandu, under Asia/Katmandu काठमांडू
#   de Asia/Kolkata Kolkata, under Asia/Calcutta Kalkutta
#   de Europe/Kyiv Kyiv, under Europe/Kiev Kiew
#   en Asia/Ho_Chi_Minh Ho Chi Minh, under Asia/Saigon Ho Chi Minh City
#   fr Asia/Yangon Yangon, under Asia/Rangoon Rangoun
#   ja Asia/Tokyo 東京, under Asia/Tokyo 東京
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0' 'tzdata==2026.6'
PYTHONTZPATH= PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" - > "$folder/output" <<'PYTHON'
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location

ASKED = (
    ("hi", "Asia/Kathmandu", "Asia/Katmandu"),
    ("de", "Asia/Kolkata", "Asia/Calcutta"),
    ("de", "Europe/Kyiv", "Europe/Kiev"),
    ("en", "Asia/Ho_Chi_Minh", "Asia/Saigon"),
    ("fr", "Asia/Yangon", "Asia/Rangoon"),
    ("ja", "Asia/Tokyo", "Asia/Tokyo"),
)
for language, newer, older in ASKED:
    given = get_timezone_location(ZoneInfo(newer), locale=language, return_city=True)
    assert given == get_timezone_location(ZoneInfo(older), locale=language, return_city=True)
    held = Locale.parse(language).time_zones[older]["city"]
    print(f"{language} {newer} {given}, under {older} {held}")
PYTHON
cat "$folder/output"
diff "$folder/output" - <<'SEEN'
hi Asia/Kathmandu Kathmandu, under Asia/Katmandu काठमांडू
de Asia/Kolkata Kolkata, under Asia/Calcutta Kalkutta
de Europe/Kyiv Kyiv, under Europe/Kiev Kiew
en Asia/Ho_Chi_Minh Ho Chi Minh, under Asia/Saigon Ho Chi Minh City
fr Asia/Yangon Yangon, under Asia/Rangoon Rangoun
ja Asia/Tokyo 東京, under Asia/Tokyo 東京
SEEN
