#!/usr/bin/env bash
# Babel 2.18.0: parse_decimal() reads "1,5" as 15 in English and "12.0" as 120 in German, unless strict=True is given.
#
# The sign that groups thousands is taken out wherever it stands, also where it groups nothing. Who reads quantities of a file
# by the reader's locale makes 12 units 1,200 when the file comes from a spreadsheet of another country, and no error is
# raised. strict=True refuses these, but still reads "1.000" as 1 in English and as 1000 in German: a file's locale can't be
# known from the reader's.
#
# Output seen:
#   1,5 in en: 15, strict: refused
#   12,00 in en: 1200, strict: refused
#   12.0 in de: 120, strict: refused
#   1.000 in en: 1.000, strict: 1.000
#   1.000 in de: 1000, strict: 1000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0'
cat >"$folder/look.py" <<'PYTHON'
from babel.numbers import NumberFormatError, parse_decimal


def strictly(text, locale):
    try:
        return parse_decimal(text, locale=locale, strict=True)
    except NumberFormatError:
        return "refused"


for text, locale in (("1,5", "en"), ("12,00", "en"), ("12.0", "de"), ("1.000", "en"), ("1.000", "de")):
    print(f"{text} in {locale}: {parse_decimal(text, locale=locale)}, strict: {strictly(text, locale)}")
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
1,5 in en: 15, strict: refused
12,00 in en: 1200, strict: refused
12.0 in de: 120, strict: refused
1.000 in en: 1.000, strict: 1.000
1.000 in de: 1000, strict: 1000
SEEN
