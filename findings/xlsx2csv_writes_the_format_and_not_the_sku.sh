#!/usr/bin/env bash
# xlsx2csv 0.8.6: a number whose format begins with a word is written as the format, and the number is lost.
#
# Shops keep SKUs as numbers under a format such as "SKU-"0000, so that 12 is shown as SKU-0012. Where letters of the quoted
# word are also letters of dates (s, d, m, y, h), the format is taken for one of a day, and what is written is its text in
# small letters: every SKU of the column is the same, and the program ends with 0. A word without such letters is safe, and
# the number is written bare. Zeros in front that a format shows (0000) are not written either way.
#
# Output seen:
#   12 as 0000 -> 12
#   12 as "BOX-"0000 -> 12
#   12 as "SKU-"0000 -> "sku-"0000
#   13 as "SKU-"0000 -> "sku-"0000
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'xlsx2csv==0.8.6' 'xlsxwriter==3.2.9'
cat >"$folder/look.py" <<'PYTHON'
import csv
import io

import xlsx2csv
import xlsxwriter

CELLS = ((12, "0000"), (12, '"BOX-"0000'), (12, '"SKU-"0000'), (13, '"SKU-"0000'))
file = io.BytesIO()
with xlsxwriter.Workbook(file) as book:
    sheet = book.add_worksheet()
    for row, (number, shown) in enumerate(CELLS):
        sheet.write_number(row, 0, number, book.add_format({"num_format": shown}))
text = io.StringIO()
xlsx2csv.Xlsx2csv(file).convert(text)
for (number, shown), written in zip(CELLS, csv.reader(io.StringIO(text.getvalue()))):
    print(number, "as", shown, "->", written[0])
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
12 as 0000 -> 12
12 as "BOX-"0000 -> 12
12 as "SKU-"0000 -> "sku-"0000
13 as "SKU-"0000 -> "sku-"0000
SEEN
