"""The machinery behind the component tags: strict, so that a mistake never reaches a page.

A component is a template in `templates/components/` and an entry here. An attribute it does not
have, one it lacks, or a value outside its choices is a TemplateSyntaxError, when the template is
compiled wherever that can be known then.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, kwarg_re
from django.template.context import Context
from django.utils.safestring import mark_safe


class Required:
    """Marks an attribute that has no default."""


@dataclass(frozen=True)
class Component:
    """What a tag accepts.

    `attributes` maps each name to its default, `positional` names those that may come without
    their name, in order; `choices` limits values; `prepare` may turn the values into what the
    template is given.
    """

    name: str
    attributes: Mapping[str, Any]
    positional: tuple[str, ...] = ()
    choices: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    is_block: bool = False
    prepare: Callable[[Context, dict[str, Any]], dict[str, Any] | None] | None = None

    @property
    def template(self) -> str:
        return f"components/{self.name}.html"

    def check_value(self, attribute: str, value: Any) -> None:
        allowed = self.choices.get(attribute)
        if allowed is not None and value not in allowed:
            known = ", ".join(sorted(map(str, allowed)))
            msg = f"{{% {self.name} %}}: {attribute} is {value!r}. It may be: {known}."
            raise TemplateSyntaxError(msg)


class ComponentNode(Node):
    child_nodelists = ("content",)

    def __init__(self, component: Component, values: dict[str, FilterExpression], content: NodeList) -> None:
        self.component = component
        self.values = values
        self.content = content

    def render(self, context: Context) -> str:
        component = self.component
        values: dict[str, Any] | None = {
            name: default for name, default in component.attributes.items() if default is not Required
        }
        for name, expression in self.values.items():
            value = expression.resolve(context)
            component.check_value(name, value)
            values[name] = value  # type: ignore[index]
        if component.prepare is not None:
            values = component.prepare(context, values)  # type: ignore[arg-type]
            if values is None:
                return ""
        if component.is_block:
            values["content"] = mark_safe(self.content.render(context))  # type: ignore[index]  # noqa: S308 -- a rendered node list
        template = context.template.engine.get_template(component.template)  # type: ignore[union-attr]
        inner = context.new(values)
        for shared in ("request", "csrf_token", "site"):
            if shared in context:
                inner[shared] = context[shared]
        return template.render(inner).strip()


def register_component(library: Library, component: Component) -> None:
    """Make the tag, and its end tag where it holds content."""

    def compile_tag(parser: Parser, token: Token) -> ComponentNode:
        values = dict(_values(component, parser, token))
        missing = [
            name
            for name, default in component.attributes.items()
            if default is Required and name not in values
        ]
        if missing:
            msg = f"{{% {component.name} %}} lacks {', '.join(missing)}."
            raise TemplateSyntaxError(msg)
        content = NodeList()
        if component.is_block:
            content = parser.parse((f"end{component.name}",))
            parser.delete_first_token()
        return ComponentNode(component, values, content)

    library.tag(component.name, compile_tag)


def _values(component: Component, parser: Parser, token: Token) -> Iterator[tuple[str, FilterExpression]]:
    """Each attribute the tag was written with."""
    seen: set[str] = set()
    unnamed = iter(component.positional)
    for bit in token.split_contents()[1:]:
        match = kwarg_re.match(bit)
        name, text = match.groups() if match else (None, bit)
        if name is None:
            name = next(unnamed, None)
            if name is None:
                msg = f"{{% {component.name} %}} has no place for {bit}."
                raise TemplateSyntaxError(msg)
        if name not in component.attributes:
            known = ", ".join(component.attributes)
            msg = f"{{% {component.name} %}} has no attribute {name}. It has: {known}."
            raise TemplateSyntaxError(msg)
        if name in seen:
            msg = f"{{% {component.name} %}} is given {name} twice."
            raise TemplateSyntaxError(msg)
        seen.add(name)
        expression = parser.compile_filter(text)
        if isinstance(expression.var, str) and not expression.filters:
            component.check_value(name, str(expression.var))
        yield name, expression
