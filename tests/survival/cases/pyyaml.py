# requires: pyyaml==6.0.3
# ci: yes
# The C loader and the pure one, tags, anchors, errors.
import datetime

import yaml

TEXT = "a: &x [1, 2.5, 2024-01-02, ~, yes]\nb: *x\nc: !!set {one, two}\nd: |\n  text\ne: !point {x: 1}\n"


class Loader(yaml.SafeLoader):
    pass


Loader.add_constructor("!point", lambda loader, node: ["point", loader.construct_mapping(node)])


def handler(event, context):
    data = yaml.load(TEXT, Loader=Loader)
    data["c"] = sorted(data["c"])
    result = {
        "data": repr(data),
        "c": yaml.__with_libyaml__,
        "fast": repr(yaml.load(TEXT.split("e:")[0], Loader=yaml.CSafeLoader)["a"]),
        "dump": yaml.safe_dump({"when": datetime.date(2024, 1, 2), "list": [1, [2]]}),
        "cdump": yaml.dump({"x": (1, 2), "y": {"z": "ö"}}, Dumper=yaml.CDumper, allow_unicode=True),
        "events": [type(event).__name__ for event in yaml.parse("[1]", Loader=yaml.CLoader)],
    }
    for name, text in (("tag", TEXT), ("tabs", "a:\n\t- b")):
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            result[name] = str(error)
    return result
