"""The beginning of a text, for a line in a list or a description."""


def beginning_of(text: str, at_most: int = 150) -> str:
    """On one line, cut between two words after at most so many characters."""
    line = " ".join(text.split())
    if len(line) <= at_most:
        return line
    return line[:at_most].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
