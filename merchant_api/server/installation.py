"""What this installation runs on: its settings, completed by the embedded database and the keys made for it.

Every command and every API worker begins here. Keys are made once and kept in the data folder, readable by its owner
only; with a database of one's own they are required from outside, because a lost folder must not lose them.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from merchant_api.core.embedded import attach
from merchant_api.core.roles import APP
from merchant_api.core.settings import Settings, load


@dataclass(frozen=True)
class Installation:
    """Complete settings, and the hold on the embedded server, where there is one: it runs as long as we do.

    There the settings are the application's; the owner of the schema and the jobs have URLs of their own. A server of
    DATABASE_URL is used by everybody as that says.
    """

    settings: Settings
    attached: attach.Attached | None

    @property
    def owner_url(self) -> str:
        """For migrating."""
        return self.settings.database_url if self.attached is None else self.attached.url

    def url_of(self, role: str) -> str:
        """For the application or the jobs."""
        return self.settings.database_url if self.attached is None else self.attached.url_of(role)

    def keep(self) -> None:
        """Start an embedded server again that was killed; who runs long calls it often. Refused: EmbeddedFailed."""
        if self.attached is not None:
            self.attached.renew()

    def environment(self, role: str = APP) -> dict[str, str]:
        """The environment for a process of ours that shall run on the same database with the same keys."""
        return {
            **os.environ,
            "DATABASE_URL": self.url_of(role),
            "ORDERBELL_SECRET_KEYS": ",".join(self.settings.secret_keys),
            "ORDERBELL_DATA": str(self.settings.data),
            "ORDERBELL_ALLOW_UNSAFE_DATABASE": str(int(self.settings.allow_unsafe_database)),
        }


def open_installation(environ: Mapping[str, str] | None = None) -> Installation:
    """Read the settings and find or start the database. Refused: BadSetting, EmbeddedFailed."""
    settings = load(environ)
    if not settings.is_embedded:
        return Installation(settings, None)
    attached = attach.attach(settings.data)
    keys = settings.secret_keys or tuple(kept_secret(settings.data / "secret.key").replace(",", " ").split())
    return Installation(replace(settings, database_url=attached.url_of(APP), secret_keys=keys), attached)


def kept_secret(path: Path, made: str = "") -> str:
    """The secret in a file, made on the first call; two processes at once get the same one."""
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as whole:  # 0600
        whole.write(made or secrets.token_urlsafe(32))
        whole.flush()
        os.fsync(whole.fileno())
        with suppress(FileExistsError):
            os.link(whole.name, path)  # readers see all of it or nothing, and the first one wins
    return path.read_text().strip()
