"""Measures every page of the demo on the real server, in hellos: how many bare Django responses one page costs."""
