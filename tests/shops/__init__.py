"""The kit of `tests/channels/kit` on the real thing: shops that are installed and started here, by `make test-shops`."""
