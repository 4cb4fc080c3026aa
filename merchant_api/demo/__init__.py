"""The demo: a merchant with products and people to look at, and a story that plays against the running API."""
