"""The processes of a running site: the web server, the job worker, and the supervisor that looks after them."""
