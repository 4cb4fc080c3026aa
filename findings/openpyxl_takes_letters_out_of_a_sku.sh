#!/usr/bin/env bash
# openpyxl 3.1.5: a text that holds "x005F_" is read without these letters, where it is a shared text.
#
# Workbooks escape a character as _xHHHH_, and a real underscore before such a text as _x005F_. openpyxl takes every
# "x005F_" out of shared texts, also where no underscore stands before it and nothing was escaped; a SKU becomes another
# one without a word. Inline texts, as openpyxl writes them itself, are left as they are, so a test that writes and reads
# with openpyxl alone never sees it. An escaped carriage return, on the other hand, stays: _x000D_ is read as these letters.
#
# Output seen:
#   written by XlsxWriter: Box005F_red -> 'Bored'
#   written by XlsxWriter: MUG\r -> 'MUG_x000D_'
#   written by openpyxl: Box005F_red -> 'Box005F_red'
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'openpyxl==3.1.5' 'et-xmlfile==2.0.0' 'xlsxwriter==3.2.9'
cat >"$folder/look.py" <<'PYTHON'
import io

import openpyxl
import xlsxwriter


def by_xlsxwriter(text):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_string(0, 0, text)
    return file


def by_openpyxl(text):
    file, book = io.BytesIO(), openpyxl.Workbook()
    book.active["A1"] = text
    book.save(file)
    return file


def read(file):
    return repr(openpyxl.load_workbook(file).active["A1"].value)


print("written by XlsxWriter: Box005F_red ->", read(by_xlsxwriter("Box005F_red")))
print("written by XlsxWriter: MUG\\r ->", read(by_xlsxwriter("MUG\r")))
print("written by openpyxl: Box005F_red ->", read(by_openpyxl("Box005F_red")))
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
written by XlsxWriter: Box005F_red -> 'Bored'
written by XlsxWriter: MUG\r -> 'MUG_x000D_'
written by openpyxl: Box005F_red -> 'Box005F_red'
SEEN
