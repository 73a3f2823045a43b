import pytest

from app.storage.opening import open_database
from app.storage.store import Store


@pytest.fixture
def store(tmp_path):
    opened = Store(open_database(tmp_path / "proxima.db").connection)
    yield opened
    opened.close()
