"""The roof: settings, URLs, the server and the command line."""
