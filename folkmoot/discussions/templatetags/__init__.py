"""Posts for templates."""
