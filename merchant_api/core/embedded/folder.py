"""Where the cluster and the socket of the embedded PostgreSQL lie.

The rule: in the data folder, where people look for them, unless PostgreSQL's user cannot get there (a clone below
/root); then in a folder of the machine that a pointer file in the data folder names. Parents are never opened.
"""

import os
import tempfile
from pathlib import Path

from merchant_api.core.embedded.binaries import Account, EmbeddedFailed, can_write

# /var/tmp is swept of old files on many machines: it comes last.
ELSEWHERE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - mkdtemp below makes a name of our own, 0700
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, macOS 103


def open_data_folder(data: Path) -> Path:
    """The data folder, made if it is missing; absolute."""
    data = data.absolute()
    if not data.exists():
        data.mkdir(parents=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root, PostgreSQL's user has to pass through
    return data


def known_folder(data: Path) -> Path:
    """Where the cluster of this data folder lies, or would be tried first."""
    pointer = data / "postgres.folder"
    if not pointer.exists():
        return data / "postgres"
    folder = Path(pointer.read_text().strip())
    if not folder.is_dir():
        raise EmbeddedFailed(
            f"{pointer} says that the database lies in {folder}, which is gone. Delete it to start anew."
        )
    return folder


def cluster_folder(data: Path, account: Account) -> Path:
    """The folder of the cluster, made if it is missing; it belongs to `account`, which can reach it."""
    folder = known_folder(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    _give(folder, account)
    if can_write(account, folder):
        return folder
    if account.uid is None or any(folder.iterdir()):
        raise EmbeddedFailed(f"The user who is to run PostgreSQL cannot write to {folder}.")
    folder.rmdir()
    elsewhere = _make_elsewhere(account)
    (data / "postgres.folder").write_text(f"{elsewhere}\n")
    return elsewhere


def socket_folder(folder: Path, account: Account) -> Path:
    """A 0700 folder whose path is short enough for a socket: the cluster's own, or a temporary one."""
    if len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH:
        return folder
    short = Path(tempfile.mkdtemp(prefix="orderbell-", dir="/tmp"))
    _give(short, account)
    return short


def _make_elsewhere(account: Account) -> Path:
    for place in ELSEWHERE:
        try:
            folder = Path(tempfile.mkdtemp(prefix="orderbell-", dir=place))
        except OSError:
            continue
        _give(folder, account)
        if can_write(account, folder):
            return folder
        folder.rmdir()
    raise EmbeddedFailed(
        "PostgreSQL's user reaches neither the data folder nor /var: set ORDERBELL_DATA, or DATABASE_URL."
    )


def _give(folder: Path, account: Account) -> None:
    if account.uid is not None and account.gid is not None and folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
