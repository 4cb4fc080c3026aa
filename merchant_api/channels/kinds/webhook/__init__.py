"""Any shop, by Standard Webhooks both ways: the protocol of docs/channels.md."""
