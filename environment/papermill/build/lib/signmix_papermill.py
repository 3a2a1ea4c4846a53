"""Parameters for TypeScript notebooks in papermill: one `const name = value;` a line, as `npm run reproduce -- -p` puts them."""

import json
import re

from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

_DECLARATION = re.compile(
    r"^\s*(?:const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::\s*(?P<type>[^=]+?))?\s*=\s*(?P<value>.+?)\s*;?\s*"
    r"(?://\s*(?P<help>.*))?$"
)


class TypeScriptTranslator(Translator):
    """Values as JSON, which is TypeScript too."""

    @classmethod
    def translate(cls, val):
        return json.dumps(val)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        return f"const {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        found = (_DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(
                name=one["name"], inferred_type_name=one["type"] or "None", default=one["value"], help=one["help"] or ""
            )
            for one in found
            if one
        ]


for _name in ("tslab", "typescript"):
    papermill_translators.register(_name, TypeScriptTranslator)
