BBBBBBB BBBBBBBBBBB
BBBBB BBBBB gettext(u'Hva KPR inneholder') BBBBBBBB BBBBB
BBBBB BBBBBBBBBBBXXXXX XXXXXXXXXXXXXXXXXX XXXXXXXXX gettext(u'Hvilke opplysninger Kommunalt pasient- og brukerregister (KPR) har, hvor de kommer fra, og hva som ikke er med.') XXBBBBBBBB BBBBBBBBBBB
BBBBB BBBBBBBBBBBBBBBBBBBB _("Hva KPR inneholder") BBBBBBBBBBBBBBBBBBBBB BBBBBBBBBB
BBBBB BBBB
  XXXX XXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Hva KPR inneholder') XXXXX
    XX XXXXXXXXXXXXXXXXXXX XXXXX XXXXXXXXXXXXXXX gettext(u'Kommunalt pasient- og brukerregister (KPR) er <a class="ds-link" href="%(regulation_url)s" rel="external">bestemt ved lov</a> og trenger ikke samtykke. Det har opplysninger om alle som har søkt om eller brukt helse- og omsorgstjenester i kommunen.') SSSSSSSSS SSSSSSSS SS SSSSSSSSSSSSSS SSSSS SS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSS SSS SSSSSSS SS SSSSSSS SSSS SSSSSSSSS SSS SSS SSSSSSSSSSSS SS SSSS SSS SSS SSSS SS SSSSS SSSSS SSSSSS SS SSSSSSSSSSSSSSSS S SSSSSSSSSXXXX
    XXXBBB BBBBBBBBBBBBBBBBBB BB BBBBBBBB gettext(u'Vil du se det som står om deg? <a class="ds-link" href="%(overview)s">Logg inn og se</a>.') SSS SS SS SSS SSS SSSS SS SSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSS SSS SS SSSSSSSXXXX
  XXXXXX
  XXXX XXXXXXXXXXXXX XXXXXXXXXXXX gettext(u'På denne siden') XX
    XXXX
      BBB BBBBBB BB BBBBBBBXXXXXX XXXXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXBBBBBB
      XXXXXX XXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Annet KPR har') XXXXXXXXX
    XXXXX
  XXXXXX
  BBB BBBBBB BB BBBBBBB
    XXXXXXXX XXXXXXXXXXXXXX XXXXX XXXXXXXXXXXXXXXXXXXXXXXXX
      XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXX XXXXXXXXXXXXXXXXX
      XX XXXXXXXXXXXXXXXXXXXXXXXXX
      BBBBB
         _("Meldt av") FFFFFFFFBBBBBBB
         _("Fra når") BBBBBBB
         _("Hvor fort") BBBBBBB
      BBBBBBBB
      XXXX XXXXXXXXXXXX
        XXXXX
          XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX gettext(u'Deler') XXXXX
          XXXXBBB BBBBBBB BB BBBBBBBBBBBBBBBXXXXXXXXXBBBBBBXXXXX
        XXXXXX
        XXXXX
          XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXXX gettext(u'Ikke med') XXXXX
          XXXXBBB BBBB BB BBBBBBBBBBBBBBBBBBBXXXXXXXXXBBBBBBXXXXX
        XXXXXX
      XXXXXX
       gettext(u'Alle opplysninger i %(title)s') SSSS SSSSSSSSSSSS S SSSSSSSSS
      BBBBBBB BBBBBBBBBBBBB
        BBBBB BBBBBBBBBBBBB BBBBBBBBBB
          XXXXXXXXXXXXXX XXXXXXXXXXXX gettext(u'Hva') XXXXXXXX XXXXXXXXXXXX gettext(u'Hva det betyr') XXXXXXXX XXXXXXXXXXXX gettext(u'Kodeverk') XXXXXXXXXXXXXXXXXX
          XXXXXXX
            BBB BBBBBBBB BB BBBBBBBBBBBBBBBB
              XXXX
                XXX XXXXXXXXXXXXXXXXX
                XXXXXXXXX
                XXXBB BBBBBBBBBBBBBBB XXXXXXXXXXXX gettext(u'Kodeverk') XBBBBBXBB BBBBBBBBBBBBBBB XXBBBBBXXXXX
              XXXXX
            BBBBBB
          XXXXXXXX
        BBBBBBBB
      BBBBBBBBBB
    XXXXXXXXXX
  BBBBBB
  XXXXXXXX XXXXXXXXXXXXX XXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Annet KPR har') XXXXX
    XXXX
      XXXX gettext(u'Fødselsnummer eller D-nummer, lagret kryptert og for seg selv') XXXXX
      XXXX gettext(u'Om du har reservert deg, når og hvordan') XXXXX
      XXXX gettext(u'Hvem som har fått opplysninger, og hvem som har sett på dem') XXXXX
    XXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Dette har ikke KPR') XXXXX
    XXXX
      XXXX gettext(u'Journalen din hos legen, kommunen eller sykehuset') XXXXX
      XXXX gettext(u'Prøvesvar, resepter og vaksiner') XXXXX
      XXXX gettext(u'Opphold og behandling på sykehus. Det har Norsk pasientregister.') XXXXX
      XXXX gettext(u'Helsestasjon, skolehelsetjeneste og tannhelse vises ikke i denne portalen ennå.') XXXXX
    XXXXX
    XXX gettext(u'For noen tjenester kan du reservere deg mot at opplysninger blir <em>registrert</em>. <a class="ds-link" href="%(registration_objection_url)s" rel="external">Se hvordan</a>.') SSS SSSS SSSSSSSSS SSS SS SSSSSSSSS SSS SSS SS SSSSSSSSSSSS SSSS SSSSSSSSSSSSSSSSSSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSS SSSSSSSSSSSSXXXX
  XXXXXXXXXX
BBBBBBBB BBBB
