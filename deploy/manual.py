#!/usr/bin/env python3
"""Writes the manual pages, from what the programs and the settings file say of themselves, so that no page tells of another version.

    deploy/manual.py program SECTION VERSION DATE <HELP     HELP is what PROGRAM --experimental-dump-help prints
    deploy/manual.py settings VERSION DATE <platen.toml     the settings file with every key and its comment

The page goes to standard output. DATE is as in 2026-11-22.
"""
import json
import re
import sys


def escaped(text):
    """For troff: backslashes and hyphens are characters, and no line begins with a control character."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def bold(text):
    return f"\\fB{escaped(text)}\\fR"


def italic(text):
    return f"\\fI{escaped(text)}\\fR"


def page_head(name, section, version, date, abstract):
    return [f'.TH {name.upper()} {section} "{date}" "Platen {version}" "Platen"', ".SH NAME", f"{name} \\- {escaped(abstract)}"]


def prose(text):
    """Paragraphs; what is indented stays as it is."""
    lines, is_verbatim = [], False
    for line in text.splitlines():
        if line.startswith("  "):
            if not is_verbatim:
                lines += [".RS 4", ".nf"]
            is_verbatim = True
            lines.append(escaped(line.strip()))
            continue
        if is_verbatim:
            lines += [".fi", ".RE"]
            is_verbatim = False
        if not line.strip():
            lines.append(".PP")
        else:
            lines.append(escaped(line.strip()))
    if is_verbatim:
        lines += [".fi", ".RE"]
    return lines


def dashed(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def spelled(argument):
    """As it is typed: --name <value>."""
    value = escaped(f"<{argument.get('valueName', 'value')}>")
    if argument["kind"] == "positional":
        return italic(f"<{argument.get('valueName', 'value')}>")
    names = ", ".join(bold(dashed(name)) for name in argument["names"])
    return names if argument["kind"] == "flag" else f"{names} {value}"


def explained(argument):
    text = argument.get("abstract", "")
    if argument.get("discussion"):
        text += "\n\n" + argument["discussion"]
    if argument.get("allValues"):
        text += f" One of {', '.join(argument['allValues'])}."
    if argument.get("defaultValue"):
        text += f" Default: {argument['defaultValue']}."
    return prose(text) or ["\\&"]


def shown(command):
    return [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay", True)]


def synopsis(path, command):
    words = [bold(path)]
    for argument in shown(command):
        if argument["kind"] == "positional":
            word = italic(f"<{argument.get('valueName', 'value')}>")
            if argument.get("isRepeating"):
                word += "..."
            words.append(f"[{word}]" if argument.get("isOptional") else word)
    if any(argument["kind"] != "positional" for argument in shown(command)):
        words.insert(1, "[" + italic("options") + "]")
    if subcommands(command):
        words.append(italic("command"))
    return " ".join(words)


def subcommands(command):
    return [one for one in command.get("subcommands", []) if one["commandName"] != "help" and one.get("shouldDisplay", True)]


def described(path, command, lines):
    """A command and all below it, each under its own heading."""
    lines += [f".SS {escaped(path)}", synopsis(path, command), ".PP"]
    lines += prose(command.get("abstract", ""))
    if command.get("discussion"):
        lines += [".PP"] + prose(command["discussion"])
    options(command, lines)
    for below in subcommands(command):
        described(f"{path} {below['commandName']}", below, lines)


def options(command, lines):
    for argument in shown(command):
        lines += [".TP", spelled(argument)] + explained(argument)


def program_page(section, version, date):
    root = json.load(sys.stdin)["command"]
    name = root["commandName"]
    lines = page_head(name, section, version, date, root["abstract"].rstrip("."))
    lines += [".SH SYNOPSIS", synopsis(name, root), ".SH DESCRIPTION"] + prose(root.get("discussion", root["abstract"]))
    if shown(root):
        lines.append(".SH OPTIONS")
        options(root, lines)
    if subcommands(root):
        lines.append(".SH COMMANDS")
        for command in subcommands(root):
            described(f"{name} {command['commandName']}", command, lines)
    lines += [".SH FILES", ".TP", italic("/etc/platen/platen.toml"), "The settings, see", ".BR platen.toml (5).",
              ".TP", italic("/usr/share/platen"), "The included model, and the profiles of keyboards, printers and typewriters.",
              ".TP", italic("/var/lib/platen"), "What the service keeps."]
    others = [other for other in ("platen (1)", "platen.toml (5)", "platend (8)") if other != f"{name} ({section})"]
    lines += [".SH SEE ALSO"] + [f".BR {other}" + ("," if other != others[-1] else "") for other in others]
    return lines


def settings_page(version, date):
    lines = page_head("platen.toml", 5, version, date, "settings of the typewriter")
    lines += [".SH DESCRIPTION"] + prose(
        "The daemon reads /etc/platen/platen.toml, and the files /etc/platen/platen.toml.d/*.toml after it in the order of their names; a key "
        "that is named again there replaces the first. The language is TOML: sections in brackets, a key and its value on a line. "
        "What is left out has its default, which is shown here. What is marked (live) changes while the daemon runs, when it gets SIGHUP."
    )
    for line in sys.stdin.read().splitlines():
        if section := re.fullmatch(r"\[(\w+)\]\s*", line):
            lines.append(f".SH [{section[1]}]")
        elif key := re.fullmatch(r"#?\s?(\w+) = (.*?)\s*  # (.*)", line):
            lines += [".TP", f"{bold(key[1])} = {escaped(key[2])}"] + prose(key[3][0].upper() + key[3][1:] + ".")
        elif line.strip() and not line.startswith("#"):
            raise SystemExit(f"manual: this is neither a section nor a key with its comment: {line}")
    lines += [".SH SEE ALSO", ".BR platend (8),", ".BR platen (1)"]
    return lines


def main(arguments):
    match arguments:
        case ["program", section, version, date]:
            lines = program_page(section, version, date)
        case ["settings", version, date]:
            lines = settings_page(version, date)
        case _:
            raise SystemExit(__doc__)
    print("\n".join(lines))


main(sys.argv[1:])
