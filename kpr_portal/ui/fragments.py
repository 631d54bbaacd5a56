"""Parts of pages that are the same for everyone: made once for each language, and kept in the process.

Nothing of a person can come into one. It is made from its template and from what `values` gives, a function
that takes nothing: no request, nobody's session, and none of what stands around it on the page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language


@dataclass(frozen=True, eq=False)
class Fragment:
    """A template that reads alike for all; `{{ fragment }}` on a page writes it in the page's language.

    `values` is asked each time, so it must be cheap: it gives objects that last (a declaration, a setting,
    a function for the template to call). As soon as one of them is another object, the text is made anew.
    """

    template: str
    values: Callable[[], Mapping[str, Any]] = dict
    _kept: dict[str | None, tuple[Mapping[str, Any], SafeString]] = field(default_factory=dict)

    def __str__(self) -> str:
        values, language = self.values(), get_language()
        kept = self._kept.get(language)
        if kept is not None and all(kept[0][name] is value for name, value in values.items()):
            return kept[1]
        html = SafeString(get_template(self.template).render(dict(values)))
        self._kept[language] = (values, html)
        return html
