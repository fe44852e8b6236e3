"""Acronyms that differ between French and English, so that « GDPR » finds « RGPD ». Common ones only, folded."""

_PAIRS = """
ai ia | aids sida | cap pac | ccs csc | ceo pdg | dna adn | ecb bce | echr cedh | eib bei | eu ue | gdp pib | gdpr
rgpd | gmo ogm | gnp pnb | hiv vih | hr rh | iaea aiea | icc cpi | icj cij | ilo oit | imf fmi | ipcc giec | iss ssi |
mrna arnm | nato otan | ngo ong | oecd ocde | opec opep | rna arn | sme pme | ufo ovni | unga agnu | unhcr hcr | unsc
csnu | vat tva | wmd adm | wto omc | eea eee | emu uem | ev ve | cfo daf | cio dsi | vr rv | ar ra | lng gnl | ghg ges
"""


def _twins(pairs: str) -> dict[str, tuple[str, ...]]:
    twins: dict[str, tuple[str, ...]] = {}
    for pair in pairs.split("|"):
        english, french = pair.split()
        if english != french:
            twins[english] = (*twins.get(english, ()), french)
            twins[french] = (*twins.get(french, ()), english)
    return twins


ACRONYM_TWINS = _twins(_PAIRS)
