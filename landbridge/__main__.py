"""Run the command line: `python -m landbridge`."""

from landbridge.routing.cli.main import main

if __name__ == "__main__":
    main()
