"""The kinds of web shops that we can speak to: a folder each, with `connector.py` in it (`channels/connector.py`)."""
