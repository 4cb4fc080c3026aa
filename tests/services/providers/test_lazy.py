"""Stripe's library is paid for by those who use it: 17 MiB and 0.3 s in each process."""

import subprocess
import sys

from tests.house.sources import ROOT

QUESTION = """
import sys
import jobs.__main__, merchant_api.cli
from merchant_api.providers import kinds
from merchant_api.providers.states import ProviderKind

assert not {"stripe", "standardwebhooks"} & set(sys.modules)
kinds.of(ProviderKind.WEBHOOK)
assert "standardwebhooks" in sys.modules and "stripe" not in sys.modules
kinds.of(ProviderKind.STRIPE)
assert "stripe" in sys.modules
"""


def test_a_provider_s_library_is_imported_when_it_is_first_used():
    asked = subprocess.run([sys.executable, "-c", QUESTION], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (asked.returncode, asked.stderr) == (0, "")
