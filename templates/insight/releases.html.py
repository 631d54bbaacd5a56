BBBBBBB BBBBBBBBBBB
BBBBB BBBBB gettext(u'Hvem har fått opplysninger om deg?') BBBBBBBB BBBBB
BBBBB BBBBBBBBBBBBBBBBBBBB _("Innsyn")  _("Hvem har fått opplysninger om deg?") BBBBBBBBBBBBBBBBBBBBB BBBBBBBBBB
BBBBB BBBB
  BBBBBBBBBB
  XXXX XXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Hvem har fått opplysninger om deg?') XXXXX
    XX XXXXXXXXXXXXXXXXXXX XXXXX XXXXXXXXXXXXXXX gettext(u'Her ser du hvem som har fått helseopplysninger knyttet til navnet eller fødselsnummeret ditt, når de fikk dem, og hva de skulle brukes til.') XXXX
  XXXXXX
  BBB BBB BB BBBB
     _("Noe mangler i denne oversikten") XX XXXXXXXXXXXXXXXXXXXXXXXXXBBBBBBBB
  BBBBBB
  BB BBB BBBBB
    XXXXXXXX XXXXXXXXXXXXXX
      XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXBB BBBBBBBB gettext(u'Ingen vi kan vise deg nå') BBBB gettext(u'Ingen') BBBBBXXXXX
      BB BBB BBBBBBBBXXX gettext(u'Ingen har fått opplysninger om deg sammen med navnet eller fødselsnummeret ditt.') XXXXBBBBB
      BBBBBBB BBBBBBBBBBBBBBBBBBBBBBBBBB
      XXX gettext(u'Det er vanlig at denne listen er tom. De som får opplysninger fra KPR, får dem nesten alltid uten navn og fødselsnummer.') XXXX
    XXXXXXXXXX
  BBBBB
  BB BBBBBBBB
    BBBBB BBBBBBBBBBBBXX XXXXXXXXXXXXXXXXXXXXX ngettext(u'I tillegg er det én utlevering vi ikke kan vise deg ennå. Departementet kan i særlige tilfeller bestemme at en utlevering ikke skal vises på en stund (helseregisterloven § 24). Den blir vist her når tiden er ute.', u'I tillegg er det %(withheld)s utleveringer vi ikke kan vise deg ennå. Departementet kan i særlige tilfeller bestemme at en utlevering ikke skal vises på en stund (helseregisterloven § 24). De blir vist her når tiden er ute.', count) S SSSSSSS SS SSS SS SSSSSSSSSS SS SSSS SSS SSSS SSS SSSSS SSSSSSSSSSSSS SSS S SSSSSSS SSSSSSSSS SSSSSSSS SS SS SSSSSSSSSS SSSS SSSS SSSSS SS SS SSSSS SSSSSSSSSSSSSSSSSSS S SSSS SSS SSSS SSSS SSS SSS SSSSS SS SSSSP PPPPPPP PP PPP PPPPPPPPPPPP PPPPPPPPPPPP PP PPPP PPP PPPP PPP PPPPP PPPPPPPPPPPPP PPP P PPPPPPP PPPPPPPPP PPPPPPPP PP PP PPPPPPPPPP PPPP PPPP PPPPP PP PP PPPPP PPPPPPPPPPPPPPPPPPP P PPPP PP PPPP PPPP PPP PPP PPPPP PP PPPPXXXXBBBBBBBB
  BBBBB
  BBB BBBBB BBBBBBBB BB BBBBB
    XXXXXXXX XXXXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXXXXXFFFFFFFFFFFFFFFFXX
      XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXFFFFFFFFFFFFFFFFXXFFFFFFFFFFFFFFFFXXXXX
      BBB BBBBBBB BB BBBBBBBB
        BBBB BBBBBBBBBBBBBBBBB BBBBBBB
          XX XXXXXXXXXXXXXXXXXXXXXXXXX
          BBBBB
             _("Utlevert") FFFBBBBBBB
             _("Det som viser hvem du er") FFFFFFFFBBBBBBB
             _("Opplysninger") FFFFFFF FBBBBBBB
             _("Periode")  gettext(u'%(from)s til %(to)s') SSSSSSSS SSS SSSSSSBBBBBBB
          BBBBBBBB
           gettext(u'Mer om utleveringen til %(recipient)s %(date)s') SSS SS SSSSSSSSSSSS SSS SSSSSSSSSSSSS SSSSSSSS
          BBBBBBB BBBBBBBBBBBB
            BBBBB
               _("Mottaker")  XXBBBBBBB
               _("Organisasjonsnummer") BBBBBBB
               _("Prosjekt") BBBBBBB
               _("Formål") X BBBBBBB
               _("Mottakerens rettslige grunnlag") FFFFFFFF XXBBBBBBB
              BB BBBBBBBBBBBBBBBBBBBBBBBBBB _("Vedtak") BB BBBBBBBBBBBBBBBBBBBBBX FFFBBBBBBBBBBBBBBBBB
               _("Satt sammen med") BB BBBBBBBBBBBBBBBBBBBFFFFFFF FBBBB gettext(u'Ingen andre registre') BBBBBBBBBBBB
               _("Vår referanse") BBBBBBB
            BBBBBBBB
          BBBBBBBBBB
        BBBBBBB
      BBBBBB
    XXXXXXXXXX
  BBBBBB
  BB BBBBBXXXX XXXXXXXXXXXXXXBBBBBBB BBBBBBBBBBBBBBBBBBBBBBBBBBXXXXXXBBBBB
  XXXX XXXXXXXXXXXXXX
    XXXBBB BBBBBBBBBBBBBBBBBBBBBBB BB BBBBBBBBBBBB gettext(u'Vil du at færre skal få opplysninger om deg? Du kan <a class="ds-link" href="%(reservations)s">reservere deg</a>. Det som allerede er utlevert, hentes ikke tilbake.') SSS SS SS SSSSS SSSS SS SSSSSSSSSSSS SS SSSS SS SSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS SSSSSSSS SSS SSS SSSSSSSS SS SSSSSSSSS SSSSSS SSSS SSSSSSSSXXXX
  XXXXXX
BBBBBBBB BBBB
