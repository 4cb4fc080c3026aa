"""The kit of `tests/channels/kit` on the real thing: shops that `make test-shops` installs and starts."""
