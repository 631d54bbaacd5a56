BBBBBBB BBBBBBBBBBB
BBBBB BBBBB gettext(u'Last ned') BBBBBBBB BBBBB
BBBBB BBBBBBBBBBBBBBBBBBBB _("Innsyn")  _("Last ned") BBBBBBBBBBBBBBBBBBBBB BBBBBBBBBB
BBBBB BBBB
  BBBBBBBBBB
  XXXX XXXXXXXXXXXXXX
    XXX XXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX gettext(u'Last ned det KPR-portalen viser om deg') XXXXX
    XX XXXXXXXXXXXXXXXXXXX XXXXX XXXXXXXXXXXXXXX gettext(u'Du får med opplysningene, hvem som har fått dem, hvem som har sett på dem, og reservasjonene dine. Det er det denne portalen viser, ikke alt som kan finnes om deg i KPR.') XXXX
  XXXXXX
  BB BBBBB
     _("PDF-en blir laget nå") 
      XX XXXXXXXXXXXXXXXXXXXXXBB BBBBBBBBBBB BB BBBBBBBBB gettext(u'Det tar lengre tid enn vanlig. Vi prøver igjen av oss selv, og du trenger ikke bestille på nytt.') BBBB gettext(u'Det tar vanligvis under et minutt. Siden viser den når den er ferdig. Du kan gå herfra og komme tilbake.') BBBBBXXXX
      BBBBBBBBBBBB BBBBBBBBB
    BBBBBBBB
  BBBB BBBBBBBBBBB BB BBBBBBB
     _("PDF-en er ferdig") 
      XX XXXXXXXXXXXXXXXXXXXXXXX XXXXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBBB BBBBBBBBBXX ngettext(u'Hent PDF-en (%(pages)s side)', u'Hent PDF-en (%(pages)s sider)', count) SSSS SSSSSS SSSSSSSSSS SSSSSPPPP PPPPPP PPPPPPPPPP PPPPPPXXXXXXXX
      XX XXXXXXXXXXXXXXXXXXXXX gettext(u'Bestilt %(moment)s. Den er %(kilobytes)s kB og blir slettet et døgn etter at den ble laget.') SSSSSSS SSSSSSSSSSS SSS SS SSSSSSSSSSSSS SS SS SSSS SSSSSSS SS SSSS SSSSS SS SSS SSS SSSSSSXXXX
    BBBBBBBB
  BBBB BBBBBBBBBBB BB BBBBBB
    BBBBB BBBBBBBBBBBBXX XXXXXXXXXXXXXXXXXXXXX gettext(u'PDF-en du bestilte %(moment)s, er slettet. Lag en ny hvis du trenger den.') SSSSSS SS SSSSSSSS SSSSSSSSSSS SS SSSSSSSS SSS SS SS SSSS SS SSSSSSS SSSSXXXXBBBBBBBB
  BBBBB
  XXXX XXXXXXXXXXXXXX
     _("PDF, til å lese og skrive ut") 
      XX XXXXXXXXXXXXXXXXXXXXX gettext(u'Laget for å kunne leses med skjermleser også. Lengden kommer an på hvor mye KPR har om deg.') XXXX
      BB BBB BBBBB
        XXXXX XXXXXXXXXXXXX XXXXXXXXBBB BBBBBBBBBBBBBBBBBBXX
          BBBBBBBBBB
          BB BBBBB _("Lag en ny PDF") BBBB _("Lag PDF") BBBBB
        XXXXXXX
      BBBBB
    BBBBBBB
     _("Data, til å bruke i andre programmer") 
      XX XXXXXXXXXXXXXXXXXXXXX gettext(u'Det samme som en JSON-fil. Hvert felt har et fast navn, beskrevet i filen.') XXXX
      XXXXX XXXXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBBBX XXXXXXXXX gettext(u'Last ned som JSON') XXXXXXXX
    BBBBBBB
  XXXXXX
  XX XXXXXXXXXXXXXXXXXXX XXXXXXXX gettext(u'Filen er din. Bruker du en datamaskin andre også bruker, bør du slette den etterpå.') XXXX
BBBBBBBB BBBB
