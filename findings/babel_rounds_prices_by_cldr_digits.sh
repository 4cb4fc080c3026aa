#!/usr/bin/env bash
# Babel 2.18.0 beside iso4217 1.16.20260101: a price in minor units of ISO 4217 is shown without its minor units.
#
# For 13 currencies of today's list (AFN ALL IRR IQD KPW LAK LBP MGA MMK RSD SOS SYP YER) the digits that Babel takes
# from CLDR are 0, where ISO 4217 says 2 (IQD: 3). format_currency() rounds to CLDR's digits, so who stores 9950 minor
# units of RSD and shows them by the library tells the customer another price than the one that is charged.
# currency_digits=False keeps what the number has, and then has to be given the digits in the pattern.
#
# Output seen:
#   13 AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER
#   RSD 99.50 -> RSD100
#   RSD 99.50 -> RSD99.50 (currency_digits=False)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'babel==2.18.0' 'iso4217==1.16.20260101'
cat >"$folder/look.py" <<'PYTHON'
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from iso4217 import Currency

differ = sorted(
    each.code
    for each in Currency
    if each.exponent is not None and each.exponent != get_currency_precision(each.code)
)
price = Decimal("99.50")
print(len(differ), *differ)
print("RSD 99.50 ->", format_currency(price, "RSD", locale="en"))
print("RSD 99.50 ->", format_currency(price, "RSD", locale="en", currency_digits=False), "(currency_digits=False)")
PYTHON
"$folder/venv/bin/python" "$folder/look.py" | tee "$folder/seen"
diff "$folder/seen" - <<'SEEN'
13 AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER
RSD 99.50 -> RSD100
RSD 99.50 -> RSD99.50 (currency_digits=False)
SEEN
