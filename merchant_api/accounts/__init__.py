"""People, merchants, members, customers and API keys; who signed in, and what they may do."""
