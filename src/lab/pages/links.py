"""Where the links in notebooks and documents lead to, between pages that all lie in one folder."""

from pathlib import Path
from urllib.parse import unquote, urlsplit


class Links:
    """Knows which files have pages, and takes note of the documents that are linked to and have none."""

    def __init__(self, folder, project, names):
        """The folder of the notebooks, that of the project, and the names of the notebooks that ran."""
        self.folder = folder
        # Notebooks that are not the project's may have documents of their own beside their folder.
        self.root = project if folder.is_relative_to(project) else folder.parent
        self.pages = {folder / f"{name}.ipynb": f"{name}.html" for name in names}
        self.unpaged = []

    def target(self, url, folder):
        """The file that a link in this folder is to; None for an address, a place on the same page, or nonsense."""
        try:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc or not parts.path:
                return None
            return (folder / unquote(parts.path)).resolve()
        except ValueError:
            return None

    def resolve(self, url, folder):
        """The link between pages, or None where there is no page."""
        file = self.target(url, folder)
        if file is None:
            return url
        if page := self.pages.get(file):
            fragment = urlsplit(url).fragment
            return f"{page}#{fragment}" if fragment else page
        if file.suffix == ".md" and self.is_ours(file) and file not in self.unpaged:
            self.unpaged.append(file)
        return None

    def is_ours(self, file):
        """Whether a file is there, and may be shown."""
        try:
            return file.is_relative_to(self.root) and file.is_file()
        except OSError:
            return False

    def shown(self, file):
        """The path of a file, as one reads it: from the project's folder on."""
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else file.name

    def take_unpaged(self):
        """The documents that were linked to, and have no page."""
        taken, self.unpaged = self.unpaged, []
        return taken

    def add(self, file):
        """Gives a document a page."""
        self.pages[file] = self.shown(file).replace("/", "-") + ".html"
