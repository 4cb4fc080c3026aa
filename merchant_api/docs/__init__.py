"""The readable page of the API, and the OpenAPI file that it reads; nothing on it comes from another server."""

from merchant_api.docs.routes import describe, docs

__all__ = ["describe", "docs"]
