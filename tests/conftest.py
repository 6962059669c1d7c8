"""No settings of whoever runs the tests reach them: neither a file of their own nor a variable.

Property tests try the same examples on each run and mind no clock, as hypothesis has it on a machine for CI.
"""

from collections.abc import Iterator

import hypothesis
import pytest

from pioneer_cli.settings import SETTINGS

hypothesis.settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_one_s_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        for name in ("PIONEER_CONFIG", *(setting.variable for setting in SETTINGS)):
            patch.delenv(name, raising=False)
        yield
