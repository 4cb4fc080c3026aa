"""WooCommerce by its REST API v3: what it really does is told where it is handled, and each trap has a test."""
