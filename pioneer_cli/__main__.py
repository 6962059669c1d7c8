"""`python -m pioneer_cli`, the same as `pioneer`."""

from pioneer_cli.cli import main

if __name__ == "__main__":
    main()
