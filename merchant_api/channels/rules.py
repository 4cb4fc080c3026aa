"""By which rules a channel shows what is available: the level that its shop shall sell.

From what is available a buffer is kept back, of the rest a percentage is shown, rounded down, at most `most`, rounded
down to whole packs; what is then below `least` is shown as 0. No rule ever adds a unit. The same is said twice, once
for people who try rules out and once in SQL, where levels are made; a test holds both equal.
"""

from collections.abc import Mapping
from typing import Any

LARGEST_LEVEL = 2_147_483_647

# Takes `stock.free` and `channels.settings`; gives `packed.units`, which `LEVEL_SQL` reads.
STEPS_SQL = f"""
    CROSS JOIN LATERAL (
        SELECT CAST(channels.settings ->> 'buffer' AS bigint) AS buffer,
            CAST(channels.settings ->> 'percent' AS bigint) AS percent,
            CAST(channels.settings ->> 'most' AS bigint) AS most,
            CAST(channels.settings ->> 'pack' AS bigint) AS pack,
            CAST(channels.settings ->> 'least' AS bigint) AS least
    ) AS rule
    CROSS JOIN LATERAL (
        SELECT least(
            greatest(stock.free - coalesce(rule.buffer, 0), 0) * coalesce(rule.percent, 100) / 100,
            coalesce(rule.most, {LARGEST_LEVEL}), {LARGEST_LEVEL}
        ) AS units
    ) AS capped
    CROSS JOIN LATERAL (
        SELECT capped.units - mod(capped.units, coalesce(nullif(rule.pack, 0), 1)) AS units
    ) AS packed
"""
LEVEL_SQL = "CASE WHEN packed.units < coalesce(rule.least, 0) THEN 0 ELSE CAST(packed.units AS integer) END"


def level(available: int, settings: Mapping[str, Any]) -> int:
    """The level that a channel with these settings shows of what is available, in units."""
    kept = max(0, available - (settings.get("buffer") or 0))
    percent, most = settings.get("percent"), settings.get("most")
    shown = min(kept * (100 if percent is None else percent) // 100, LARGEST_LEVEL if most is None else most)
    shown = min(shown, LARGEST_LEVEL)
    shown -= shown % (settings.get("pack") or 1)
    return 0 if shown < (settings.get("least") or 0) else shown
