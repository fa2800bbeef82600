"""Scripts by which a shell completes what is typed after ``gdviz``.

shtab writes them, from the parsers that read the command line: of what can be completed nothing is
said twice.
"""

from argparse import Action
from collections.abc import Iterable, Mapping

import shtab

from gdviz.cli.arguments import OneOf, Parser
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import PRESETS, RULES
from gdviz.engine.objectives.surfaces import SURFACES

#: What may follow an option whose own reader takes more than these words, by the option's field.
_WORDS: Mapping[str, Iterable[str]] = {
    "surface": SURFACES,
    "rule_options": [f"{rule.name}.{o.name}=" for rule in RULES.values() for o in rule.options],
}
#: A method: an estimate, and after a colon a rule, or what another framework has of that name.
_METHODS = "_gdviz_methods"
_BEFORE = {
    "bash": f"""\
{_METHODS}() {{
  local rules="{" ".join((*RULES, *PRESETS))}"
  case $1 in
    *:*) compgen -P "${{1%%:*}}:" -W "$rules" -- "${{1#*:}}" ;;
    *) compgen -W "{" ".join(ESTIMATES)}" -- "$1" ;;
  esac
}}
""",
    "zsh": f"""\
{_METHODS}() {{
  if compset -P 1 '*:'; then
    compadd -- {" ".join((*RULES, *PRESETS))}
  else
    compadd -- {" ".join(ESTIMATES)}
  fi
}}
""",
}
#: Bash breaks words at colons and at signs: what it has broken is put together for what completes
#: it, and of that bash is given what follows the last break.
_AFTER = """
_gdviz_words() {
  local -a whole=()
  local word at=0 i
  for i in "${!COMP_WORDS[@]}"; do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [:@]* || ${COMP_WORDS[i - 1]} == [:@]* ]]; then
      whole[${#whole[@]} - 1]+=$word
    else
      whole+=("$word")
    fi
    ((i == COMP_CWORD)) && at=$((${#whole[@]} - 1))
  done
  local last=${COMP_WORDS[COMP_CWORD]#[:@]} all=${whole[at]}
  local -a COMP_WORDS=("${whole[@]}")
  local COMP_CWORD=$at
  _shtab_gdviz "$1" "$all" "${whole[at - 1]}"
  COMPREPLY=("${COMPREPLY[@]#"${all%"$last"}"}")
}

complete -o filenames -F _gdviz_words gdviz
"""
#: What takes the path of a file.
_PATHS = ("file", "data", "output")


def script(parsers: Mapping[str, tuple[Parser, str]], shell: str) -> str:
    """Return a completion script.

    Parameters
    ----------
    parsers : mapping of str to (Parser, str)
        By a command's name, what reads its words, and what it does. That without a name reads the
        words where there is no command. They are changed, and of no further use.
    shell : str
        bash or zsh.

    Returns
    -------
    str
        What the shell is to read.
    """
    window, _ = parsers[""]
    for parser, _ in parsers.values():
        for action in parser._actions:  # noqa: SLF001  # where shtab looks, too
            _complete(action)
    subparsers = window.add_subparsers()
    window._actions.insert(0, window._actions.pop())  # noqa: SLF001  # it is the first word
    for name in sorted(parsers.keys() - {""}):
        subparsers.add_parser(name, help=parsers[name][1])
        subparsers.choices[name] = parsers[name][0]
    after = _AFTER if shell == "bash" else ""
    return str(shtab.complete(window, shell, preamble=_BEFORE[shell])) + after


def _complete(action: Action) -> None:
    if isinstance(action.metavar, str):  # zsh ends the name at a colon, which shtab leaves as it is
        action.metavar = action.metavar.replace(":", r"\:")
    if action.dest in _PATHS:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.dest == "methods":
        action.complete = dict.fromkeys(_BEFORE, _METHODS)  # type: ignore[attr-defined]
    elif action.dest in _WORDS:
        action.choices = list(_WORDS[action.dest])
    elif isinstance(action.type, OneOf):
        action.choices = list(action.type.names)
