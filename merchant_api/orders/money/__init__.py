"""Money of orders: payments, refunds, and orders revived by late money."""
