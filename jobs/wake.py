"""How one loop of this process tells another that there is work, sooner than it would look by itself."""

import threading

deliver = threading.Event()
levels = threading.Event()
