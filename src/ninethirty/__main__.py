"""python -m ninethirty"""

from ninethirty.cli import main

if __name__ == "__main__":
    main()
