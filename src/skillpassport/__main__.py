"""`python -m skillpassport` is the `skillpassport` command."""

from skillpassport.cli import main

if __name__ == "__main__":
    main()
