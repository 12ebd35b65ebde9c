"""Words and rows of communities for templates."""
