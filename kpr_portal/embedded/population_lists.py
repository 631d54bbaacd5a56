"""What synthetic people are made of: names in the manner of Tenor, places, and how old Norway is."""


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


ADJECTIVES = words(
    """
    Abstrakt Aktiv Akutt Allsidig Ambisiøs Anonym Artig Atletisk Avslappet Barsk Begeistret Beskjeden
    Blank Blid Bred Bølgete Diskret Distré Djerv Driftig Dristig Dunkel Dyktig Edel Effektiv Ekte
    Elastisk Elegant Emsig Energisk Enkel Evig Fantasifull Fargerik Fast Fersk Festlig Fin Fjern Flink
    Flott Foretaksom Forsiktig Fri Frisk Frodig Fyrig Gild Gjestfri Glad Glansfull Glatt Gledelig
    Glitrende Grei Gyllen Harmonisk Hastig Hederlig Heftig Hendig Hjelpsom Humoristisk Hvass Hyggelig
    Høflig Idyllisk Imponerende Inderlig Innbydende Intens Interessert Ivrig Jevn Jovial Kjapp Kjekk
    Kjølig Klar Klok Komisk Kraftig Kreativ Krøllete Kul Kunstferdig Kvadratisk Kvass Kvikk Lavmælt
    Leken Lett Levende Liberal Livlig Logisk Lojal Lun Lur Lydig Lykkelig Lys Løs Magisk Mektig Mild
    Moden Modig Morsom Mosegrodd Munter Myk Naturlig Nett Nobel Normal Ny Nysgjerrig Nøktern Nøyaktig
    Oppvakt Optimistisk Original Pen Pigg Plutselig Poetisk Populær Praktisk Prektig Presis Prikket
    Privat Pålitelig Rakrygget Rask Raus Reflektert Reservert Rett Rik Rolig Romslig Rund Rutete Ryddig
    Rytmisk Saklig Samfunnsnyttig Sann Seig Sindig Sivilisert Sjelden Sjenerøs Skarp Skeptisk Skinnende
    Smart Smidig Snill Solid Sosial Spenstig Spiss Sprek Sprudlende Stabil Stadig Stilig Stille Stolt
    Stor Streng Stripete Stø Stødig Summende Sunn Sølvblank Taktfast Talentfull Tapper Tenksom Tilfreds
    Travel Treffende Trofast Trygg Tydelig Underfundig Urolig Utadvendt Uvanlig Vaken Vakker Varm
    Vennlig Verdig Vid Viktig Vill Virtuell Vis Voksende Vågal Våken Ydmyk Yndig Yr Åpen Årvåken Ærlig
    """
)

NOUNS = words(
    """
    Aks Albatross Ansjos Appelsin Aprikos Bakke Ballong Bekk Berg Bie Bille Binders Bjelke Bjørk Bjørn
    Blekksprut Blomst Blyant Blåbær Bok Bris Brisling Bro Brygge Bue Båt Bølge Dal Dam Drivhus Due Dør
    Ekorn Elg Elv Eng Eple Ert Falk Fele Fiol Fjell Fjord Fjær Flaggermus Foss Fugl Furu Gallionsfigur
    Gaupe Gjær Gnist Gran Gras Grevling Gulrot Hage Hakke Halm Hamster Harpe Hassel Hatt Havn Hegre Hest
    Himmel Hjort Hummer Hval Hyasint Høne Høst Ildflue Innsjø Isbjørn Jakt Jerv Jordbær Kaffe Kake
    Kalender Kalv Kanal Kanin Kantarell Katt Kirsebær Kiste Kjele Kjøkken Klokke Kløver Knapp Kommode
    Kopp Korall Kornåker Krans Kringle Krukke Krystall Kråke Kubbe Kurv Kvist Kyst Laks Lampe Lav
    Leilighet Lerke Lilje Lind Linjal Lo Lokk Lykt Lyng Løk Løve Løvetann Mandel Mark Maur Meis Melk
    Morgen Mose Multe Mus Musling Mynt Myr Måke Måne Mølle Nebb Nepe Nett Nordlys Nype Nål Okse Orgel
    Ost Oter Panda Papir Paprika Parasoll Parykk Pensel Perle Perm Pilk Pingvin Plante Plomme Potet
    Prestekrage Propell Pumpe Pære Rev Ring Rips Rose Rosin Rugde Rype Rådyr Sag Saks Salat Sang Sild
    Sirkel Sjiraff Sjø Sjøstjerne Skjell Skog Skrue Skål Smule Snegl Snø Sol Sommer Sopp Spade Spire
    Stein Sti Stjerne Stol Strand Stær Svale Svane Sykkel Sølje Tall Teppe Terning Tiger Tind Tistel
    Tomat Tone Torsk Traktor Tran Trane Trapp Tre Tromme Trost Tulipan Tunnel Tyttebær Tåke Ugle Uke Ull
    Utsikt Vaktel Valnøtt Vann Vase Vei Vest Vifte Vind Vinge Vinter Viol Vott Vugge Vår Åker Ås Æra Ære
    Øgle Øks Ørn Ørret Øy
    """
)

STREETS = words(
    """
    Bjørkeveien Granveien Furuveien Rogneveien Seljeveien Ospeveien Hasselveien Lindeveien Bekkeveien
    Elveveien Fjordgata Havnegata Skolegata Kirkeveien Stasjonsgata Storgata Torggata Møllegata
    Solbakken Lyngveien Åsveien Dalveien Liveien Markveien Engveien Parkveien Strandgata Bryggegata
    """
)

# Municipality (code system 3402, 2024), a postcode and its city, weight (thousand inhabitants), districts.
MUNICIPALITIES: list[tuple[str, str, str, str, int, int]] = [
    ("0301", "Oslo", "0350", "Oslo", 717, 15),
    ("1101", "Eigersund", "4370", "Egersund", 15, 0),
    ("1103", "Stavanger", "4008", "Stavanger", 149, 9),
    ("1106", "Haugesund", "5527", "Haugesund", 38, 0),
    ("1108", "Sandnes", "4307", "Sandnes", 83, 0),
    ("1505", "Kristiansund", "6509", "Kristiansund N", 24, 0),
    ("1506", "Molde", "6413", "Molde", 32, 0),
    ("1508", "Ålesund", "6003", "Ålesund", 58, 0),
    ("1804", "Bodø", "8003", "Bodø", 53, 0),
    ("1806", "Narvik", "8514", "Narvik", 21, 0),
    ("1824", "Vefsn", "8657", "Mosjøen", 13, 0),
    ("1833", "Rana", "8622", "Mo i Rana", 26, 0),
    ("3101", "Halden", "1771", "Halden", 32, 0),
    ("3103", "Moss", "1530", "Moss", 52, 0),
    ("3105", "Sarpsborg", "1706", "Sarpsborg", 60, 0),
    ("3107", "Fredrikstad", "1606", "Fredrikstad", 85, 0),
    ("3201", "Bærum", "1337", "Sandvika", 130, 0),
    ("3203", "Asker", "1384", "Asker", 99, 0),
    ("3205", "Lillestrøm", "2000", "Lillestrøm", 93, 0),
    ("3207", "Nordre Follo", "1400", "Ski", 64, 0),
    ("3209", "Ullensaker", "2050", "Jessheim", 44, 0),
    ("3301", "Drammen", "3015", "Drammen", 104, 0),
    ("3303", "Kongsberg", "3611", "Kongsberg", 29, 0),
    ("3305", "Ringerike", "3510", "Hønefoss", 32, 0),
    ("3401", "Kongsvinger", "2211", "Kongsvinger", 18, 0),
    ("3403", "Hamar", "2317", "Hamar", 33, 0),
    ("3405", "Lillehammer", "2609", "Lillehammer", 29, 0),
    ("3407", "Gjøvik", "2815", "Gjøvik", 31, 0),
    ("3411", "Ringsaker", "2380", "Brumunddal", 35, 0),
    ("3451", "Nord-Aurdal", "2900", "Fagernes", 6, 0),
    ("3901", "Horten", "3187", "Horten", 28, 0),
    ("3905", "Tønsberg", "3110", "Tønsberg", 59, 0),
    ("3907", "Sandefjord", "3210", "Sandefjord", 66, 0),
    ("3909", "Larvik", "3256", "Larvik", 49, 0),
    ("4001", "Porsgrunn", "3916", "Porsgrunn", 38, 0),
    ("4003", "Skien", "3717", "Skien", 56, 0),
    ("4005", "Notodden", "3674", "Notodden", 13, 0),
    ("4202", "Grimstad", "4876", "Grimstad", 25, 0),
    ("4203", "Arendal", "4838", "Arendal", 46, 0),
    ("4204", "Kristiansand", "4612", "Kristiansand S", 117, 0),
    ("4205", "Lindesnes", "4515", "Mandal", 24, 0),
    ("4601", "Bergen", "5015", "Bergen", 292, 8),
    ("4602", "Kinn", "6900", "Florø", 17, 0),
    ("4621", "Voss", "5700", "Voss", 16, 0),
    ("4626", "Øygarden", "5353", "Straume", 40, 0),
    ("4640", "Sogndal", "6856", "Sogndal", 12, 0),
    ("5001", "Trondheim", "7011", "Trondheim", 214, 4),
    ("5006", "Steinkjer", "7713", "Steinkjer", 24, 0),
    ("5007", "Namsos", "7800", "Namsos", 15, 0),
    ("5035", "Stjørdal", "7500", "Stjørdal", 25, 0),
    ("5037", "Levanger", "7600", "Levanger", 20, 0),
    ("5501", "Tromsø", "9008", "Tromsø", 78, 0),
    ("5503", "Harstad", "9405", "Harstad", 25, 0),
    ("5601", "Alta", "9510", "Alta", 22, 0),
    ("5605", "Sør-Varanger", "9900", "Kirkenes", 10, 0),
    ("5610", "Kárášjohka-Karasjok", "9730", "Karasjok", 3, 0),
    ("5612", "Guovdageaidnu-Kautokeino", "9520", "Kautokeino", 3, 0),
]

# Youngest age of each five-year band, and how many of a thousand are in it (rounded from public statistics).
AGES: list[tuple[int, int]] = [
    (0, 48),
    (5, 54),
    (10, 59),
    (15, 60),
    (20, 61),
    (25, 65),
    (30, 71),
    (35, 68),
    (40, 65),
    (45, 63),
    (50, 68),
    (55, 66),
    (60, 61),
    (65, 54),
    (70, 48),
    (75, 42),
    (80, 26),
    (85, 14),
    (90, 6),
    (95, 2),
]

LANGUAGES: list[tuple[str, int]] = [("nb", 80), ("nn", 11), ("en", 7), ("se", 2)]
