"""Pages of communities, one module a resource."""
