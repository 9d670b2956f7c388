# drop: plugins/b.py
# Only what is printed differs.
import os

import plugins


def handler(event, context):
    print(len([n for n in os.listdir(os.path.dirname(plugins.__file__)) if n.endswith(".py")]))
