"""Code systems with our own labels, by where they are used.

Numbers are those of Volven (OID 2.16.578.1.12.4.1.1.<number>). The texts of national code systems follow
the authorities' own lists as they stand in the message schemas; those of ICPC-2 and ICD-10 are short labels
of our own for chapters and groups, since the classifications' texts are licensed.
"""
