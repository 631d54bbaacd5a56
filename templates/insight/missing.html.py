XXXX
  XXXXBBB BBBBBBBBBBBB BB BBBBBBB gettext(u'Tjenester fra kommunen før 2017 er lagret uten navn og nummer. De kan ikke vises her. Spør kommunen din om dem.') XXXXX
  XXXX gettext(u'Noen regninger, oftest fra legevakt, mangler fødselsnummer. Da vet ikke KPR at de gjelder deg.') XXXXX
  XXXX gettext(u'Fikk du hjelp før du hadde fødselsnummer eller D-nummer, kan opplysningene stå under et hjelpenummer (H-nummer eller FH-nummer). De kan ikke knyttes til deg når du logger inn.') XXXXX
  XXXX gettext(u'De nyeste opplysningene kommer senere:') 
    XXXXBBB BBBBBB BB BBBBBBBXXXXX  XXXXXBBBBBBXXXXX
  XXXXX
  XXXX gettext(u'Dette har ikke KPR, eller viser det ikke:') 
    XXXXBBB BBBB BB BBBBBBBBBBBBXXXXXXXXXBBBBBBXXXXX
  XXXXX
XXXXX
XXX gettext(u'Vil du ha det som ikke vises her? <a class="ds-link" href="%(contact)s">Kontakt oss</a>, så svarer vi innen en måned. Det er gratis.') SSS SS SS SSS SSS SSSS SSSSS SSSS SS SSSSSSSSSSSSSSS SSSSSSSSSSSSSSSSSSSSSSSSSS SSSSSSSS SS SSSSSS SS SSSSS SS SSSSSS SSS SS SSSSSSSXXXX
XXXXX XXXXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBBBBBBBXX gettext(u'Hva KPR inneholder') XXXXXXXX
