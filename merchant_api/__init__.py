"""The domain and its JSON face; it never imports `jobs` or `notifications`.

Every process of ours comes through here first, so here it is settled whose zones of time it reads.
"""

from merchant_api.core import zones

zones.take_ours()
