"""The steps after placing: answers, cancelling, pickup, returns."""
