"""In and out: reading what spreadsheets and other systems give, merging it into the programme without losing
what
people changed here, and writing files that a spreadsheet opens safely. It owns the memory of what was
imported."""
