"""What a form wants of its data, without a web framework."""


class FormData(dict):
    def getlist(self, name):
        return [self[name]] if name in self else []
