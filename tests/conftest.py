import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pictures", action="store_true", help="write the pictures of docs/ anew (docs/pictures)"
    )
