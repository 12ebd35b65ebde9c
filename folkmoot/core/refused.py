"""The one way an action says no."""


class Refused(Exception):
    """Raised by an action that will not do what was asked; `sentence` is for a person.

    `field` names the form field that the sentence belongs to, if it belongs to one.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)
