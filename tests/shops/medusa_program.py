"""A real Medusa: installed, its database filled by its own CLI, and started on loopback, without its dashboard."""

import os
import secrets
import subprocess
from pathlib import Path

from tests.shops import medusa_fitting, node
from tests.shops.medusa_fitting import MedusaFittings

FOLDER = Path(__file__).with_name("medusa")
CLI = ["node", "node_modules/@medusajs/cli/cli.js"]
EMAIL, PASSWORD = "merchant@shop.test", "a password of the tests"


class MedusaProgram:
    """Made in an empty folder on an empty database; `start()` and `stop()` as often as a test likes."""

    def __init__(self, folder: Path, database_url: str, port: int) -> None:
        self.database_url = database_url
        self.address = f"http://127.0.0.1:{port}"
        self._folder = node.project(FOLDER, folder)
        self._environment = {
            "DATABASE_URL": database_url,
            "SECRET": secrets.token_hex(16),
            "NODE_ENV": "production",
            "MEDUSA_DISABLE_TELEMETRY": "1",
            "XDG_CONFIG_HOME": str(folder),
        }
        listens = ["start", "--host", "127.0.0.1", "--port", str(port)]
        self._program = node.NodeProgram([*CLI, *listens], folder, self._environment, f"{self.address}/health")

    def make(self) -> MedusaFittings:
        """Fill the database, start, and fit the shop out."""
        self._do("db:migrate", "--execute-safe-links", "--execute-safe-search")
        self._do("user", "-e", EMAIL, "-p", PASSWORD)
        self.start()
        key = medusa_fitting.sign_in(self.address, EMAIL, PASSWORD)
        return medusa_fitting.fit_out(self.address, key)

    def start(self) -> None:
        self._program.start()

    def stop(self) -> None:
        self._program.stop()

    def _do(self, *words: str) -> None:
        environment = {**os.environ, **self._environment}
        done = subprocess.run(
            [*CLI, *words], cwd=self._folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"medusa {words[0]}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
