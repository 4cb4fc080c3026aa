"""Payment providers: signed events of money that came and went back, and refunds by their APIs."""
