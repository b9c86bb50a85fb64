"""The OpenAPI description of every file: its path, what it holds, its schema and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from h2024kb.knowledge.model import Record
from h2024kb.site.api.making import Making
from h2024kb.site.api.schemas import RESOURCES, components


class Path(NamedTuple):
    """One kind of address: what stands there, and which resource, or else which media type."""

    says: str
    resource: str = ""
    media: str = "application/json"
    outside: bool = False


PATHS: Final = {
    "/index.json": Path("What there is: start here", "index"),
    "/policies/index.json": Path("Every policy, with its answer on coverage of H2024 in short", "policies"),
    "/policies/{jurisdiction}/{name}.json": Path("One policy: today's answers and every dated entry", "policy"),
    "/codes/index.json": Path("Every code", "codes"),
    "/codes/{code}.json": Path("One code: its HCPCS row, and what each policy says on its coverage", "code"),
    "/payers/index.json": Path("Every payer, with the other names people type for it", "payers"),
    "/payers/{payer}.json": Path("One payer and its policies", "payer"),
    "/changes/index.json": Path("Every day on which something was posted", "changes"),
    "/changes/since/{day}.json": Path("What was posted on or after a day", "changes-since"),
    "/schemas/{resource}.json": Path("The JSON Schema of one kind of file", media="application/schema+json"),
    "/openapi.json": Path("This description"),
    "/SHA256SUMS": Path("The SHA-256 of every file, as sha256sum -c reads it", media="text/plain"),
    "/data/facts.csv": Path("Every dated entry of every policy, one a row", media="text/csv", outside=True),
    "/data/facts.parquet": Path("The same as Parquet", media="application/vnd.apache.parquet", outside=True),
}
"""Every path below `api/v1`; those outside it stand below the site itself."""

PARAMETERS: Final = {
    "jurisdiction": "The part of a policy's id before the slash: a two-letter USPS code in small letters, or us",
    "name": "The part of a policy's id after the slash",
    "code": "A code that codes/index.json lists",
    "payer": "A payer's name as the addresses in payers/index.json have it",
    "day": "A day that changes/index.json lists, written YYYY-MM-DD",
    "resource": f"One of {', '.join(RESOURCES)}",
}

ABOUT: Final = (
    "What each payer says about HCPCS H2024, supported employment per diem, and the codes near it, as files that a web "
    "server or a folder holds: dated, cited, or said to be unknown. Wherever something is answered, the key `answer` "
    "is `known` or `unknown`. Only what is known has a `value`; unknown is never a no. Keys without a value are left "
    "out. Addresses in a file are relative to that file. Within v1 no key goes, moves or changes its type; keys and "
    "words may be added."
)


def openapi(making: Making, examples: Mapping[str, Record]) -> dict[str, Any]:
    """Returns the description; `examples` holds one file of each resource, by its name."""
    schemas = components(list(RESOURCES.values()), "#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "h2024kb",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": "../v1", "description": "The folder in which this description stands"}],
        "paths": {name: _path(name, path, examples) for name, path in PATHS.items()},
        "components": {"schemas": schemas},
    }


def _path(name: str, path: Path, examples: Mapping[str, Record]) -> dict[str, Any]:
    outside = {"servers": [{"url": "../..", "description": "The site"}]} if path.outside else {}
    parameters = [_parameter(one, examples) for one in PARAMETERS if f"{{{one}}}" in name]
    content = {path.media: _content(path, examples)}
    responses: dict[str, Any] = {"200": {"description": path.says, "content": content}}
    if parameters:
        responses["404"] = {"description": "Nothing here has that name. That is no answer, and never a no."}
    operation = {"operationId": _operation(name), "summary": path.says, "responses": responses}
    return {**outside, "get": {**operation, **({"parameters": parameters} if parameters else {})}}


def _operation(name: str) -> str:
    """A name for code made from the description: `get_policies_jurisdiction_name`."""
    words = name.replace("{", "").replace("}", "").replace(".json", "").replace("/", " ").replace(".", " ")
    return "get_" + "_".join(words.split())


def _parameter(name: str, examples: Mapping[str, Record]) -> dict[str, Any]:
    shared = {"name": name, "in": "path", "required": True, "description": PARAMETERS[name]}
    kinds: dict[str, dict[str, Any]] = {"day": {"format": "date"}, "resource": {"enum": list(RESOURCES)}}
    return {**shared, "schema": {"type": "string", **kinds.get(name, {})}, "example": _told(name, examples)}


def _told(name: str, examples: Mapping[str, Record]) -> str:
    where, _, policy = _shown(examples, "policy", "id").rpartition("/")
    told = {
        "jurisdiction": where,
        "name": policy,
        "code": _shown(examples, "code", "code"),
        "payer": _shown(examples, "policy", "payer_json").rpartition("/")[2].removesuffix(".json"),
        "day": _shown(examples, "changes-since", "since"),
    }
    return told.get(name, "policy")


def _shown(examples: Mapping[str, Record], resource: str, field: str) -> str:
    return str(getattr(examples.get(resource), field, ""))


def _content(path: Path, examples: Mapping[str, Record]) -> dict[str, Any]:
    if not path.resource:
        return {"schema": {"type": "object"} if "json" in path.media else {"type": "string"}}
    reference = f"#/components/schemas/{RESOURCES[path.resource].__name__}"
    shown = {"example": msgspec.to_builtins(examples[path.resource])} if path.resource in examples else {}
    return {"schema": {"$ref": reference}, **shown}
