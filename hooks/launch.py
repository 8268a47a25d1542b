"""Starts the capture hook from its bytecode: `hook install` puts this beside the copy of the script.

Python compiles a script anew at every run, and that takes as long as all else that the hook does; what is
imported, it keeps compiled. The command in a client's settings names this file, as `capture_stop.py`; the
script itself lies in `script/`. Like the script, it prints nothing and exits 0, whatever happens.
"""

import os
import sys

try:
    folder = os.path.dirname(os.path.abspath(__file__)) + "/script"
    sys.path.insert(0, folder)
    try:
        from capture_stop import run
    except Exception:  # damaged bytecode: compile what is there
        scope = {"__name__": "capture_stop"}
        with open(folder + "/capture_stop.py", "rb") as file:
            exec(compile(file.read(), file.name, "exec"), scope)
        run = scope["run"]
    run()
except BaseException:  # the script is gone, which `hook status` tells
    pass
os._exit(0)
