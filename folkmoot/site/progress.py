"""How far a long command is: a bar on standard error, where that is a terminal, and nothing anywhere else."""

import contextlib
from collections.abc import Callable, Iterator

Tell = Callable[[str, int, int], None]


@contextlib.contextmanager
def progress(words: dict[str, str]) -> Iterator[Tell]:
    """A function that is told (step, done, of how many), for the length of the block; `words` says what a step is.

    A step without a number moves to and fro.
    """
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, done, total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[number]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                for task in tasks.values():
                    bar.remove_task(task)
                tasks.clear()
                tasks[step] = bar.add_task(words.get(step, step), total=total or None, number="")
            bar.update(tasks[step], completed=done, number=f"{done:,} of {total:,}" if total else "")

        yield tell
