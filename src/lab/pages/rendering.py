"""Markdown, notebooks and templates to HTML."""

import base64
import mimetypes
import re
from html import escape as escape_html
from pathlib import Path

from bs4 import BeautifulSoup
from jinja2 import FileSystemLoader, pass_context
from markupsafe import Markup
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

TEMPLATES = Path(__file__).parent
# What nbconvert puts after a heading, as a link to it.
ANCHOR = "¶"


def escape(text):
    return escape_html(text, quote=True)


def plain_text(html):
    """The text of some HTML."""
    return Markup(html).striptags().removesuffix(ANCHOR)


def markdown_of(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def text_of(file):
    """The text of a file, in which bytes that are none are replaced."""
    return file.read_text("utf-8", "replace")


def size(svg):
    """Width and height of a figure, or None."""
    tag = BeautifulSoup(svg, "html.parser").find("svg")
    try:
        width, height = float(tag["width"]), float(tag["height"])
        return (width, height) if width > 0 and height > 0 else None
    except (TypeError, KeyError, ValueError):
        return None


def duration(seconds):
    """As `8 s` or `12 min`."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


class Renderer(IPythonRenderer):
    """Jupyter's Markdown, with links that lead from page to page."""

    def __init__(self, links, folder, github=False, **options):
        """Without `links`, links and images stay as they are. With `github`, headings have the ids that GitHub gives."""
        super().__init__(escape=False, **options)
        self.links, self.folder, self.github = links, folder, github
        self.slugs = {}

    def html(self, markdown):
        return MarkdownWithMath(renderer=self).render(markdown)

    def heading(self, text, level, **attrs):
        if not self.github:
            return super().heading(text, level, **attrs)
        slug = escape(self.slug(plain_text(text)))
        anchor = f'<a class="anchor-link" href="#{slug}">{ANCHOR}</a>'
        return f'<h{level} id="{slug}">{text}{anchor}</h{level}>\n'

    def slug(self, text):
        """The id that GitHub gives a heading: without punctuation, and numbered where there was one like it."""
        first = slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        while slug in self.slugs:
            self.slugs[first] += 1
            slug = f"{first}-{self.slugs[first]}"
        self.slugs[slug] = 0
        return slug

    def link(self, text, url, title=None):
        if self.links is None:
            return super().link(text, url, title)
        to = self.links.resolve(url, self.folder)
        return super().link(text, to, title) if to else self.as_path(text, url)

    def image(self, text, url, title=None):
        if url.startswith("attachment:") and url.removeprefix("attachment:") not in self.attachments:
            return escape(text)
        file = self.links and self.links.target(url, self.folder)
        if file and self.links.is_ours(file):
            if file.suffix == ".svg":
                return ENVIRONMENT.get_template("page.html.j2").module.picture(text_of(file))
            kind = mimetypes.guess_type(file.name)[0]
            url = f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
        elif file:
            return self.as_path(escape(text), url)
        elif url.startswith(("http:", "https:", "//")):
            return self.link(escape(text) or escape(url), url, title)
        return super().image(text, url, title)

    def as_path(self, text, url):
        """Instead of a link to a file that has no page: its path."""
        path = self.links.shown(self.links.target(url, self.folder))
        return text if plain_text(text) == path else f'{text} <span class="path">({escape(path)})</span>'


class Exporter(HTMLExporter):
    """nbconvert with the template beside this file, which makes whole pages."""

    def __init__(self, links, folder):
        super().__init__(
            template_name="classic",
            template_file="notebook.html.j2",
            extra_loaders=[FileSystemLoader(TEMPLATES)],
            exclude_input_prompt=True,
            exclude_output_prompt=True,
        )
        self.links, self.source_folder = links, folder

    def default_filters(self):
        yield from super().default_filters()
        yield "size", size
        yield "duration", duration

    @pass_context
    def markdown2html(self, context, source):
        attachments = context.get("cell", {}).get("attachments", {})
        return Renderer(self.links, self.source_folder, attachments=attachments).html(source)

    def page(self, template, **about):
        """A page that is no notebook."""
        return self.environment.get_template(template).render(**about)


# For figures within Markdown.
ENVIRONMENT = Exporter(None, None).environment
