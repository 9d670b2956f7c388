"""The register of cases: a case is a function that returns the bytes of a file, or, given a
path, makes something there. Its name is the file's, and names the defect."""

CASES = []


class Case:
    """suffix: of the file's name. fate: refuse or accept. pattern: what the error line, or the
    code and text of a note, must match. args: further arguments. make: the function."""

    def __init__(self, name, fate, pattern, args, make, at_path):
        self.name, self.fate, self.pattern, self.args = name, fate, pattern, args
        self.make, self.at_path = make, at_path


def _register(fate, pattern, suffix, args, at_path):
    def wrap(make):
        CASES.append(Case(make.__name__ + suffix, fate, pattern, args, make, at_path))
        return make
    return wrap


def refuse(pattern, suffix=".zip", args="", at_path=False):
    return _register("refuse", pattern, suffix, args, at_path)


def accept(note="-", suffix=".zip", args="", at_path=False):
    """note: "-" where slim has nothing to say about the input."""
    return _register("accept", note, suffix, args, at_path)


def skip(name, why):
    """A case that this machine cannot make."""
    CASES.append(Case(name, "skip", why, "", None, True))
