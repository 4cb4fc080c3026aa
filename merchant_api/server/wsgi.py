"""What each API worker loads: `front` for granian, `app` for any other server that speaks WSGI."""

import multiprocessing
import signal

from merchant_api.accounts import passwords
from merchant_api.app import create_app
from merchant_api.core import log, unsafe_database
from merchant_api.core.embedded.parent import dies_with
from merchant_api.server.front import Front
from merchant_api.server.installation import open_installation

_parent = multiprocessing.parent_process()
if _parent is not None and _parent.pid is not None:
    dies_with(_parent.pid, signal.SIGTERM)()

log.configure()
installation = open_installation()
settings = installation.settings
passwords.allow(settings.workers, settings.threads)
app = create_app(settings)
unsafe_database.watch(app)
front = Front(app, settings.threads, settings.body_s)
