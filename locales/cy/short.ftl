# Welsh words of the short conversation, "The essentials". Written by a machine and not reviewed by a speaker.
# No letters with a circumflex in what people read: see what-matters.ftl.

welcome = Helo gan { $service }. Cwestiynau awtomatig. Mae pobl yn darllen eich tecst, hyd yn oed os stopiwch. I wirio: { $phone }. Nid gwasanaeth brys: mewn perygl, ffoniwch { $emergency }. Mae tecst yn costio'r gyfradd arferol. I stopio: STOP.
    .telegram = Helo gan { $service }. Cwestiynau awtomatig yw'r rhain. Mae ein staff yn darllen eich negeseuon, hyd yn oed os stopiwch hanner ffordd. I'n gwirio, ffoniwch { $phone }. Nid gwasanaeth brys ydym ni: ffoniwch { $emergency } mewn perygl. Mae Telegram yn cadw'r sgwrs ar ei weinyddion, felly mae'n llai preifat na galwad. Anfonwch /privacy i ddarllen mwy, STOP i stopio.

for-whom = Pwy sydd angen cymorth?
    .me = Fi
    .me-words = i fi, i mi, mi, fy hun, fi fy hun
    .someone-else = Rhywun arall
    .someone-else-words = rhywun rwyn nabod, mam, fy mam, dad, fy nhad, tad, fy ngwraig, gwraig, fy ngŵr, gŵr, fy mab, mab, fy merch, merch, ffrind, fy ffrind, cymydog, fy mhartner, nain, taid, mamgu, tadcu
    .wrong-number = Rhif anghywir
    .wrong-number-words = camgymeriad, camgymeriad oedd y tecst, neb
    .label = Cymorth i

wrong-number = Popeth yn iawn. Ni fyddwn yn anfon dim mwy oni bai eich bod yn tecstio. Os hoffech gymorth rywbryd, tecstiwch y rhif hwn.

someone-else = Diolch am ofalu. Bydd rhywun yn { $service } yn ffonio'r rhif hwn erbyn { $promised }. Eich cyfeirnod yw { $reference }.
    .telegram = Diolch am ofalu. Bydd rhywun yn { $service } yn eich ffonio erbyn { $promised }. Eich cyfeirnod yw { $reference }.

someone-else-help = Dywedwch wrthynt eich bod wedi ysgrifennu. Gallant decstio'r rhif hwn hefyd. Os ydynt mewn perygl, ffoniwch { $emergency }.

age-band = Faint yw eich oed?
    .under-16 = Dan 16
    .under-16-words = o dan 16, 10, 11, 12, 13, 14, 15
    .age-16-17 = 16 neu 17
    .age-16-17-words = 16, 17
    .age-18-64 = 18 i 64
    .age-18-64-words = 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, oedolyn
    .age-65-plus = 65 neu drosodd
    .age-65-plus-words = 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, dros 65, pensiynwr, wedi ymddeol
    .retry = Sori, nid ydym yn deall. Atebwch gydag un rhif o'r rhestr, neu gyda'ch oed.
    .retry-telegram = Sori, nid ydym yn deall. Tapiwch un o'r botymau uchod, neu ysgrifennwch eich oed.
    .label = Oed

under-16 = Diolch. Mae ein cwestiynau i bobl 16 oed neu drosodd, felly dyna ddiwedd y cwestiynau. Bydd rhywun yn { $service } yn gweld eich neges erbyn { $promised }. Eich cyfeirnod yw { $reference }.

under-16-help = Gallwch siarad gyda Childline nawr, am ddim, ar { $childline }. Gallwch ddweud wrth oedolyn hefyd. Mewn perygl, ffoniwch { $emergency }.

sixteen-seventeen = Diolch, ewch ymlaen. Mae ein staff yn gwybod pwy sy'n helpu pobl o'ch oed chi. I siarad heddiw, mae Childline am ddim ar { $childline }.

name = Beth yw eich enw? Mae enw cyntaf yn iawn.
    .label = Enw

practice = Pa feddygfa yw eich un chi? Tecstiwch ei henw, neu eich cod post. Os nad ydych yn gwybod, tecstiwch DDIM YN SIWR.
    .label = Meddygfa

out-of-area = Diolch. Rydych yn byw y tu allan i'n hardal. Bydd rhywun yn { $service } yn dweud pwy sy'n helpu yn eich ardal chi, erbyn { $promised }. Eich cyfeirnod yw { $reference }.

out-of-area-help = Gallwch ofyn yn eich meddygfa am weithiwr cyswllt hefyd. Dim mwy o gwestiynau nawr. Mewn perygl, ffoniwch { $emergency }.

practice-later = Popeth yn iawn. Bydd ein staff yn dod o hyd i'r feddygfa.

matters = Beth sy'n bwysig i chi nawr? Defnyddiwch eich geiriau eich hun, mewn un neges neu fwy.
    .label = Beth sy'n bwysig

pass-on = Gawn ni roi eich atebion i weithiwr cyswllt yn { $service }? Maent yn helpu pobl i gael cymorth lleol. Byddant yn cadw eich atebion, ac yn cysylltu. Os bydd rhywun mewn perygl, efallai y dywedwn wrth eraill. Gallwch newid eich meddwl.
    .label = Rhoi i weithiwr cyswllt

not-passed-on = Diolch. Nid ydym yn rhannu dim, oni bai bod rhywun mewn perygl. Byddwn yn dileu eich geiriau ar { $erased }. Os newidiwch eich meddwl, tecstiwch neu ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.

reach = Sut gawn ni gysylltu? Ddim yn ddiogel? Atebwch { $number-not-this-phone }, ffoniwch { $phone }.
    .telegram = Sut gawn ni gysylltu? Os nad yw'n ddiogel ysgrifennu atoch yma, tapiwch { reach.not-this-phone } a ffoniwch { $phone }.
    .text-telegram = Yma, ar Telegram
    .text = Tecst
    .text-words = neges, tecstio, yma ar telegram
    .call = Galwad, dim neges
    .call-words = galwad, ffonio, ffoniwch, ffôn, galwad dim neges llais
    .voicemail = Galwad neu neges
    .voicemail-words = galwad neu neges llais, neges llais
    .not-this-phone = Dim mwy o decst
    .not-this-phone-words = ddim yn ddiogel, ffordd arall, llythyr
    .another-number = Ffonio rhif arall
    .another-number-words = rhif arall, llinell dir
    .label = Sut i gysylltu
ring-number = Pa rif gawn ni ei ffonio? Gall fod yn rhif cartref.
    .label = Rhif i'w ffonio
ring-noted = Byddwn yn ffonio'r rhif hwnnw, nid ei decstio.

handed-over = Diolch, mae eich atebion gyda ni. Eich cyfeirnod yw { $reference }. Bydd gweithiwr cyswllt yn cysylltu erbyn { $promised }.

no-more-texts = Diolch. Ni fyddwn yn tecstio'r rhif hwn eto.

thanks = Rydym yn darllen negeseuon { $hours }. Gallwch decstio unrhyw bryd. Mewn perygl, ffoniwch { $emergency }.
