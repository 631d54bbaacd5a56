BBBBBBB BBBBBBBBBBB
BBBBB BBBBB gettext(u'Hvem har sett på opplysningene?') BBBBBBBB BBBBB
BBBBB BBBBBBBBBBBBBBBBBBBB _("Innsyn")  _("Hvem har sett på opplysningene?") BBBBBBBBBBBBBBBBBBBBB BBBBBBBBBB
BBBBB BBBB
  BBBBBBBBBB
  XXXX XXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Hvem har sett på opplysningene?') XXXXX
    XX XXXXXXXXXXXXXXXXXXX XXXXX XXXXXXXXXXXXXXXBB BBBBBBBBBBBBB ngettext(u'Andre enn deg har sett på opplysninger om deg én gang.', u'Andre enn deg har sett på opplysninger om deg %(number)s ganger.', count) SSSSS SSS SSS SSS SSSS SS SSSSSSSSSSSS SS SSS SS SSSSSPPPPP PPP PPP PPP PPPP PP PPPPPPPPPPPP PP PPP PPPPPPPPPP PPPPPPPBBBB gettext(u'Ingen andre enn deg har sett på opplysninger om deg her.') BBBBBXXXX
  XXXXXX
  BB BBBBBBBBBBBBB
    XXXXXXXX XXXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXXXXXXXX
      XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXXXX gettext(u'Andre') XXXXX
       _("Andres oppslag, de nyeste først") 
        XXXXXXXXXXXXXX XXXXXXXXXXXX gettext(u'Når') XXXXXXXX XXXXXXXXXXXX gettext(u'Hvem') XXXXXXXX XXXXXXXXXXXX gettext(u'Hva') XXXXXXXX XXXXXXXXXXXX gettext(u'Hvorfor') XXXXXXXXXXXXXXXXXX
        XXXXXXX
          BBB BBBBBB BB BBBBBBBB
            XXXX
              XXX XXXXXXXXXXXXFFFFFFXXXXX
              XXX XXXXXXXXXXXX gettext(u'Hvem') XXFFFFFFFFBB BBBBBBBBBBBBBBBBBBBX BBBBBXXXXX
              XXX XXXXXXXXXXXX gettext(u'Hva') XXFFFFFFFFXXXXX
              XXX XXXXXXXXXXXX gettext(u'Hvorfor') XX _("Ikke oppgitt") XXXXX
            XXXXX
          BBBBBB
        XXXXXXXX
      BBBBBBBB
      BBBBBBBBBB BBBBBB
      XXXBBB BBBBBBBBBBBB BB BBBBBBBBB BBBBBBB gettext(u'Forstår du ikke hvorfor noen har sett på opplysningene dine? <a class="ds-link" href="%(contact)s">Spør oss</a>.') SSSSSSS SS SSSS SSSSSSS SSSS SSS SSSS SS SSSSSSSSSSSSS SSSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSS SSSSSSSSBBBB gettext(u'Vi viser rolle og virksomhet. Vil du vite navnet, eller forstår du ikke hvorfor noen har sett på opplysningene dine? <a class="ds-link" href="%(contact)s">Spør oss</a>.') SS SSSSS SSSSS SS SSSSSSSSSSS SSS SS SSSS SSSSSSS SSSSS SSSSSSS SS SSSS SSSSSSS SSSS SSS SSSS SS SSSSSSSSSSSSS SSSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSS SSSSSSSSBBBBBXXXX
    XXXXXXXXXX
  BBBBB
  XXXXXXXX XXXXXXXXXXXXXXXXXXX XXXXXXXX XXXXXXXXXXXXXXXXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Dine egne besøk') XXXXX
     _("Dine egne besøk, dag for dag")  _("Du har ikke vært her før.") 
  XXXXXXXXXX
  XXXXXXXX XXXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXXXX gettext(u'Automatiske oppslag') XXXXX
    XXX gettext(u'Noe gjør portalen av seg selv, for eksempel å lage en kvittering til deg. Da ser ingen mennesker opplysningene.') XXXX
     _("Automatiske oppslag, dag for dag")  _("Det har ikke vært noen automatiske oppslag.") 
  XXXXXXXXXX
  XXXXXXXX XXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Hva denne oversikten dekker') XXXXX
    XXX gettext(u'Oversikten viser oppslag i:') XXXX
    XXXXBBB BBBBB BB BBBBBBBXXXXXXXXXBBBBBBXXXXX
    BB BBBBBBBBBBB
      XXX gettext(u'Oversikten viser ikke oppslag i:') XXXX
      XXXXBBB BBBBBB BB BBBBBBBBBBBXXXXXXXXXBBBBBBXXXXX
    BBBBB
    XXXBBB BBBBBBBBBBBBBBBBBB BB BBBBBBBB gettext(u'Hvem som har <em>fått</em> opplysninger om deg, står under <a class="ds-link" href="%(releases)s">utleveringer</a>.') SSSS SSS SSS SSSSSSSSSSSSS SSSSSSSSSSSS SS SSSS SSSS SSSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSXXXX
  XXXXXXXXXX
BBBBBBBB BBBB
