"""The tables of the documentation, written from the declarations.

`python tests/doc_tables.py --write` puts them into the pages; without `--write` it says
which files are out of date. A table stands between `<!-- table: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from importlib import import_module
from inspect import cleandoc, getsource
from pathlib import Path

from twilio_mock import Settings, resources
from twilio_mock.__main__ import COMMANDS
from twilio_mock.command_line.options import OPTIONS, Option
from twilio_mock.control.http.table import OPERATIONS as CONTROL_OPERATIONS
from twilio_mock.resources import RESOURCES
from twilio_mock.resources.fields import Field
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import ON_INSTANCE, ON_LIST, Verb
from twilio_mock.rest.routing import NOT_MODELLED
from twilio_mock.rules import MISTAKES, RULES

ROOT = Path(__file__).parent.parent
PAGES = [
    path for folder in ("", "docs", "examples") for path in sorted((ROOT / folder).glob("*.md"))
]
WRITE = "python tests/doc_tables.py --write"
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def first_line(described: object) -> str:
    """What the docstring of a function says first."""
    return cleandoc(described.__doc__ or "").partition("\n")[0].removesuffix(".")


def code(*words: str) -> str:
    """Words as code."""
    return ", ".join(f"`{word}`" for word in words)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


# What there is to say of a field, where the word of its declaration is set.
REMARKS: dict[str, Callable[[Field], str]] = {
    "required": lambda field: "required",
    "choices": lambda field: f"one of {code(*field.choices)}",
    "refers_to": lambda field: f"the SID of an {field.refers_to} of the account",
    "sid_prefix": lambda field: f"a SID that starts with `{field.sid_prefix}`",
    "max_length": lambda field: f"at most {field.max_length} characters",
    "bounds": lambda field: "from {} to {}".format(*field.bounds or ()),
    "default_from": lambda field: f"default: {first_line(field.default_from)}",
    "filterable": lambda field: "filters the list",
    "hidden": lambda field: "never shown",
    "shown_once": lambda field: "shown once, by the create",
    "shows": lambda field: f"sets and shows `{field.shows}`",
    "clears": lambda field: f"sets {code(*field.clears)} to `null`",
    "deprecated_for": lambda field: f"deprecated: send `{field.deprecated_for}`",
    "keeps_empty": lambda field: f"suspected: `{field.keeps_empty}`",
    "needs": lambda field: f"may need `{field.needs}` (suspected: {field.needs_code})",
}


def remarks(field: Field) -> str:
    """What there is to say of one field."""
    said = [says(field) for word, says in REMARKS.items() if getattr(field, word)]
    if field.on_create != field.on_update:
        said.append("create only" if field.on_create else "update only")
    return "; ".join(said)


def default(field: Field) -> str:
    """What a field holds that is not sent, as JSON; empty where the mock fills it in."""
    sent = field.on_create or field.on_update
    if field.default_from or not (sent or isinstance(field.default, str | bool)):
        return ""
    return code(json.dumps(field.default))


def properties(resource: Resource) -> str:
    """The fields of a resource in the order of its answers, but for those of the mock's own."""
    rows = [
        (
            code(field.name),
            code(field.parameter) if field.on_create or field.on_update else "",
            field.kind.name.lower().replace("_", " "),
            default(field),
            remarks(field),
        )
        for field in resource.fields
        if field.on_create or field.on_update or not field.hidden
    ]
    return table(("property", "parameter", "kind", "default", "remarks"), rows)


def operations(resource: Resource) -> str:
    """The operations of a resource, with method and path."""
    path = resource.root("{AccountSid}")
    rows = [
        (resource.operation_id[verb], code(f"{method} {where}"))
        for where, verbs in ((path, ON_LIST), (f"{path}/{{Sid}}", ON_INSTANCE))
        for method, verb in verbs.items()
        if verb in resource.verbs
    ]
    return table(("operation", "request"), rows)


def traits(resource: Resource) -> list[str]:
    """What else a declaration says, a sentence each."""
    most = getattr(Settings(), resource.limit) if resource.limit else None
    filters = code(*resource.filters, *resource.idle_filters)
    asked, message = resource.page_without_token
    said = [
        f"SIDs start with `{resource.sid_prefix}`.",
        f"A list starts with the {'newest' if resource.newest_first else 'oldest'}.",
        f"A list can be filtered by {filters}." if filters else "A list has no filters.",
        f"A Page above 0 without PageToken is refused with {asked}: `{message}`",
    ]
    if most:
        said.append(
            f"At most {most:,} in an account (`{resource.limit}`), else {resource.limit_code}."
        )
    if resource.idle_filters:
        said.append(f"Filtering by {code(*resource.idle_filters)} is accepted and does nothing.")
    if resource.for_main_credentials:
        said.append("Standard API keys get 401.")
    if resource.with_test_credentials:
        open_to = [verb.value.lower() for verb in Verb if verb in resource.with_test_credentials]
        said.append(f"Test credentials may {', '.join(open_to)}.")
    return said + [f"{first_line(rule)}." for rule in resource.rules]


def declared_in(resource: Resource) -> str:
    """What the file of a declaration says of it: its docstring."""
    for found in pkgutil.iter_modules(resources.__path__):
        module = import_module(f"{resources.__name__}.{found.name}")
        if any(value is resource for value in vars(module).values()):
            return cleandoc(module.__doc__ or "")
    raise LookupError(f"no file in twilio_mock/resources/ declares {resource.name}")


def resource_sections() -> str:
    """All resources: source, operations, properties and what else is declared."""
    return "\n".join(
        f"### {resource.name}\n\n{declared_in(resource)}\n\n{operations(resource)}\n"
        f"{properties(resource)}\n" + "".join(f"* {said}\n" for said in traits(resource))
        for resource in RESOURCES
    )


def resource_summary() -> str:
    """The resources in a line each."""
    rows = [
        (
            f"[{resource.name}]({resource.documentation})",
            code(resource.root("{AccountSid}")),
            ", ".join(verb.value.lower() for verb in Verb if verb in resource.verbs),
            code(*resource.filters),
        )
        for resource in RESOURCES
    ]
    return table(("resource", "path", "operations", "list filters"), rows)


def suspected_rules() -> str:
    """What Twilio may do, and how the mock answers."""
    rows = [
        (code(name), rule.question, rule.default, rule.enforced, rule.source)
        for name, rule in RULES.items()
    ]
    return table(("rule", "question", "default", "enforced", "known from"), rows)


def mistakes() -> str:
    """What is surely a mistake, but passes."""
    return table(("finding", "what it is"), [(code(name), says) for name, says in MISTAKES.items()])


def limits() -> str:
    """The settings, with the docstring that stands below each in its class."""
    body = ast.parse(getsource(Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    described = {
        before.target.id: ast.literal_eval(after.value)
        for before, after in zip(body.body, body.body[1:], strict=False)
        if isinstance(before, ast.AnnAssign)
        and isinstance(before.target, ast.Name)
        and isinstance(after, ast.Expr)
    }
    rows = [
        (code(field.name), shown_default(field.default), described[field.name])
        for field in fields(Settings)
        if field.name in described
    ]
    return table(("setting", "default", "meaning"), rows)


def shown_default(value: object) -> str:
    """The default of a setting."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int | float) else "none"


def command_options() -> str:
    """The options of the server."""
    rows = [
        (code(each.flag), code(each.variable), commands_with(each), default_of(each), each.help)
        for each in OPTIONS
    ]
    return table(("flag", "variable", "of", "default", "what it is"), rows)


def commands_with(option: Option) -> str:
    """The commands that have an option, by its name."""
    names = {
        command: {each.name for group in about.options.values() for each in group}
        for command, about in COMMANDS.items()
    }
    return ", ".join(command for command in names if option.name in names[command])


def default_of(option: Option) -> str:
    """The default of an option; empty if there is none."""
    return "" if option.default in (None, [], False) else code(str(option.default))


def control_operations() -> str:
    """The operations of the control API."""
    rows = [
        (
            code(f"{each.method} {each.path}"),
            each.summary,
            "" if each.python == "-" else code(each.python),
        )
        for each in CONTROL_OPERATIONS
    ]
    return table(("request", "what it does", "in Python"), rows)


def not_modelled() -> str:
    """The words in a path that answer 501."""
    return code(*sorted(NOT_MODELLED - {resource.plural for resource in RESOURCES})) + ".\n"


TABLES: dict[str, Callable[[], str]] = {
    "command_options": command_options,
    "control_operations": control_operations,
    "limits": limits,
    "mistakes": mistakes,
    "not_modelled": not_modelled,
    "resource_sections": resource_sections,
    "resource_summary": resource_summary,
    "suspected_rules": suspected_rules,
}


def with_tables(text: str) -> str:
    """The text of a document with its tables as they should be."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


def main(arguments: Sequence[str]) -> int:
    """Rewrite the files that are out of date, or name them; 1 if any was only named."""
    stale = [path for path in PAGES if with_tables(path.read_text()) != path.read_text()]
    for path in stale:
        print(path.relative_to(ROOT), "rewritten" if "--write" in arguments else "is out of date")
        if "--write" in arguments:
            path.write_text(with_tables(path.read_text()))
    return int(bool(stale) and "--write" not in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
