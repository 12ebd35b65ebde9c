"""Pages of meetings, a module a resource."""
