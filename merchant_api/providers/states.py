"""Kinds of payment providers, and the life of an event that one of them sent."""

from enum import StrEnum


class ProviderKind(StrEnum):
    """How a provider signs and speaks."""

    STRIPE = "stripe"
    WEBHOOK = "webhook"  # anybody who signs after Standard Webhooks


class ProviderEventState(StrEnum):
    """What became of a provider's event. What means nothing to us is not kept at all."""

    WAITING = "waiting"  # what it is about is not here yet; tried again by itself; leaves by applied or unmatched
    APPLIED = "applied"
    UNMATCHED = "unmatched"  # somebody has to look; leaves by assign (applied)
