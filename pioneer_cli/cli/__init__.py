"""The command line: options → pipeline → reporter → output → exit code. One file a command; imports come late.

`run` is the one error boundary: what a person can mend ends with 2, an interruption with 130, a bug with 3, and being
ended from outside with 143.
"""

import errno
import os
import traceback
from typing import Annotated

import typer
from typer.core import TyperArgument

from pioneer_cli import __version__
from pioneer_cli.background import asked_to_end
from pioneer_cli.cli import (
    check,
    completion,
    config,
    configured,
    diff,
    explain,
    feedback,
    gaps,
    lsp,
    matrix,
    new,
    packs,
    pages,
    questions,
    render,
    review,
    rules,
    schema,
    verify,
)
from pioneer_cli.errors import EndedError, ExitCode, PioneerError
from pioneer_cli.settings_files import CONFIG_VARIABLE

HELP = "Assess bids: validate, score against the call's criteria, typeset, and hold to the page limit."
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
_BEFORE_COMMAND = {"--config": "--config FILE", "--isolated": "--isolated"}
_ELSEWHERE = {  # what other commands and other tools have, with what a command may have instead
    "--json": [("--format", "--format json")],
    "--output": [("--format", "--format FORMAT")],
    "--format": [("-o", "-o FILE.pdf")],
    "-o": [("--output", "--output FORMAT=FILE"), ("--format", "--format FORMAT > FILE")],
}
_COMMANDS = {
    "fix": "pioneer check BID --fix", "watch": "pioneer check BID --watch", "validate": "pioneer check BID",
    "lint": "pioneer check BID", "score": "pioneer check BID", "init": "pioneer new", "report": "pioneer gaps BID",
    "version": "pioneer --version",
}  # fmt: skip
EPILOG = "Exit codes: 0 fine, 1 the bid falls short, 2 could not judge, 3 a bug in pioneer, 130 interrupted, 143 ended."


def _words_of_a_list(argument: TyperArgument, ctx: typer.Context) -> str | None:
    """What help shows behind an argument's name: nothing where the name is ours, and never a type of Python's."""
    return None if argument.metavar else argument.display_type(ctx)


TyperArgument.display_type_rich = _words_of_a_list  # type: ignore[assignment,method-assign]
app = typer.Typer(
    name="pioneer",
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pioneer {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", envvar=CONFIG_VARIABLE, help="Take the settings from this file, and from no other."
        ),
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Take no settings from any file or variable.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    # No docstring: it would take the place of HELP. Without a command the help is shown, and nothing was judged.
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.CANNOT_JUDGE)
    if not configured.asks_for_help(context):  # help is there whatever is wrong with the settings
        configured.configure(context, config, isolated=isolated)


app.command("check", short_help="Say what is wrong, what is weak, and count the pages.", epilog=check.EXAMPLES)(
    check.check_command
)
app.command("diff", short_help="Say what changed between two versions of a bid.", epilog=diff.EXAMPLES)(
    diff.diff_command
)
app.command("render", short_help="Make a bid's document: PDF, HTML, Word, Markdown.", epilog=render.EXAMPLES)(
    render.render_command
)
app.command("pages", short_help="Say where the pages go, and what to cut or add.", epilog=pages.EXAMPLES)(
    pages.pages_command
)
app.command("verify", short_help="Say whether a limit proof, a bid and a PDF match.", epilog=verify.EXAMPLES)(
    verify.verify_command
)
app.command("matrix", short_help="Say where the bid answers each consideration.", epilog=matrix.EXAMPLES)(
    matrix.matrix_command
)
app.command("gaps", short_help="Report to reviewers: evidence, gaps, what to ask.", epilog=gaps.EXAMPLES)(
    gaps.gaps_command
)
app.command("questions", short_help="Write the clarification questions to the bidder.", epilog=questions.EXAMPLES)(
    questions.questions_command
)
app.command("feedback", short_help="Write the letter to the bidder from reviews.", epilog=feedback.EXAMPLES)(
    feedback.feedback_command
)
app.command("new", short_help="Write a commented bid to begin from.", epilog=new.EXAMPLES)(new.new_command)
app.command("explain", short_help="Explain a rule, gate, consideration or criterion.", epilog=explain.EXAMPLES)(
    explain.explain_command
)
app.command("rules", short_help="List the rules of a criteria pack.", epilog=rules.EXAMPLES)(rules.rules_command)
app.add_typer(packs.app, name="pack", short_help="List, show and test criteria packs.")
app.add_typer(config.app, name="config", short_help="Show the settings that hold, and where from.")
app.add_typer(review.app, name="review", short_help="Write and check a reviewer's judgement.")
app.command("lsp", short_help="Serve editors: findings and pages while typing.", epilog=lsp.EXAMPLES)(lsp.lsp_command)
app.command("schema", short_help="Print the JSON Schema of a bid, review, annex, proof.", epilog=schema.EXAMPLES)(
    schema.schema_command
)
app.command("completion", short_help="Print the script that completes on Tab.", epilog=completion.EXAMPLES)(
    completion.completion_command
)


def run(arguments: list[str]) -> int:
    """Runs one command line and gives its exit code; every failure ends here, in words for people."""
    asked = os.environ.pop(completion.ASKED, None)  # typer itself would answer it, judge nothing and exit with 0
    try:
        answered = None if arguments else completion.answer(app, asked)
        if answered is not None:
            return answered
        # Outside its standalone mode typer returns the code of Exit and raises what it would have printed.
        code = int(app(arguments, prog_name="pioneer", standalone_mode=False, obj=arguments) or ExitCode.OK)
    except PioneerError as error:
        return _tell(error.message, error.hint, ExitCode.CANNOT_JUDGE)
    except typer.TyperException as error:
        return _tell(*_misused(error), ExitCode.CANNOT_JUDGE)
    except (KeyboardInterrupt, typer.Abort, EndedError):
        code = ExitCode.INTERRUPTED
    except SystemExit:  # typer leaves this way when nobody reads its help to the end
        return ExitCode.OK if {"-h", "--help", "--version"} & set(arguments) else ExitCode.CANNOT_JUDGE
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:  # of the help, say, which typer prints
            return _tell(f"cannot write the result: {error.strerror}", "make room for it", ExitCode.CANNOT_JUDGE)
        if "--debug" in arguments:
            traceback.print_exception(error)
        hint = "run again with --debug for the traceback, and please report it"
        return _tell("this is a bug in pioneer, not a fault of yours", hint, ExitCode.BUG)
    if asked_to_end():
        return _tell("ended from outside", "", ExitCode.ENDED)
    return _tell("interrupted", "", ExitCode.INTERRUPTED) if code == ExitCode.INTERRUPTED else code


def _tell(message: str, hint: str, code: ExitCode) -> int:
    from pioneer_cli.cli.output import say

    say(f"pioneer: {message}")
    if hint:
        say(f"  {hint}")
    return code


def _misused(error: typer.TyperException) -> tuple[str, str]:
    """What is wrong with a command line, and what to do."""
    context, option = getattr(error, "ctx", None), getattr(error, "option_name", None)
    path = context.command_path if context else "pioneer"
    if option in _BEFORE_COMMAND and path != "pioneer":
        command = path.removeprefix("pioneer ")
        return f"{option} stands before the command", f"try: pioneer {_BEFORE_COMMAND[option]} {command} ..."
    message = " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
    no_command = message.partition("No such command '")[2].partition("'")[0]
    known = {name for parameter in context.command.params for name in parameter.opts} if context else set()
    meant = [f"{path} ... {instead}" for has, instead in _ELSEWHERE.get(option or "", ()) if has in known]
    if no_command in _COMMANDS:
        return f"No such command '{no_command}'", f"try: {_COMMANDS[no_command]}"
    if no_command == "help" and context:
        asked = [name for name in context.obj if name in context.command.commands][:1]
        meant = [" ".join([path, *asked, "--help"])]
    return message, f"try: {(*meant, f'{path} --help')[0]}"
