"""`python -m folkmoot` is the command line."""

from folkmoot.site.cli import main

if __name__ == "__main__":
    main()
