# drop: plugins/b.py
# Plugins are found by listing a directory: no name is looked for in vain.
import pkgutil

import plugins


def handler(event, context):
    return sorted(m.name for m in pkgutil.iter_modules(plugins.__path__))
