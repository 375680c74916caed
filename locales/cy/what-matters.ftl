# Welsh words of the conversation "What matters to you".
# Written by a machine and not reviewed by a speaker. What people read avoids letters with a circumflex (ffôn, tîm, â):
# one of them makes a whole text message more than twice as dear. The words we accept may have them.

welcome = Helo gan { $service }. Cwestiynau awtomatig. Mae pobl yn darllen eich tecst, hyd yn oed os stopiwch. I wirio: { $phone }. Nid gwasanaeth brys: mewn perygl, ffoniwch { $emergency }. Mae tecst yn costio'r gyfradd arferol. I stopio: STOP.
    .telegram = Helo gan { $service }. Cwestiynau awtomatig yw'r rhain. Mae ein staff yn darllen eich negeseuon, hyd yn oed os stopiwch hanner ffordd. I'n gwirio, ffoniwch { $phone }. Nid gwasanaeth brys ydym ni: ffoniwch { $emergency } mewn perygl. Mae Telegram yn cadw'r sgwrs ar ei weinyddion, felly mae'n llai preifat na galwad. Anfonwch /privacy i ddarllen mwy, STOP i stopio.

for-whom = Pwy sydd angen cymorth?
    .me = Fi
    .me-words = i fi, i mi, mi, fy hun, fi fy hun
    .someone-else = Rhywun arall
    .someone-else-words = rhywun rwyn nabod, mam, fy mam, dad, fy nhad, tad, fy ngwraig, gwraig, fy ngŵr, gŵr, fy mab, mab, fy merch, merch, ffrind, fy ffrind, cymydog, fy mhartner, nain, taid, mamgu, tadcu
    .wrong-number = Rhif anghywir
    .wrong-number-words = camgymeriad, camgymeriad oedd y tecst, neb
    .explain = Rydym yn gofyn i bwy mae'r cymorth. Gall fod i chi, neu i rywun arall.
    .label = Cymorth i

wrong-number = Popeth yn iawn. Ni fyddwn yn anfon dim mwy oni bai eich bod yn tecstio. Os hoffech gymorth rywbryd, tecstiwch y rhif hwn.

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
    .explain = Mae pwy all helpu yn dibynnu ar eich oed, felly rydym yn gofyn beth yw eich oed.
    .label = Oed

under-16 = Diolch. Mae ein cwestiynau i bobl 16 oed neu drosodd, felly dyna ddiwedd y cwestiynau. Bydd rhywun yn { $service } yn gweld eich neges erbyn { $promised }. Eich cyfeirnod yw { $reference }.
under-16-help = Gallwch siarad gyda Childline nawr, am ddim, ar { $childline }. Gallwch ddweud wrth oedolyn hefyd. Mewn perygl, ffoniwch { $emergency }.

sixteen-seventeen = Diolch, ewch ymlaen. Mae ein staff yn gwybod pwy sy'n helpu pobl o'ch oed chi. I siarad heddiw, mae Childline am ddim ar { $childline }.

their-age-band = Faint yw eu hoed?
    .under-16 = Dan 16
    .under-16-words = o dan 16, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    .age-16-17 = 16 neu 17
    .age-16-17-words = 16, 17
    .age-18-64 = 18 i 64
    .age-18-64-words = 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, oedolyn
    .age-65-plus = 65 neu drosodd
    .age-65-plus-words = 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, dros 65, pensiynwr, wedi ymddeol
    .retry = Sori, nid ydym yn deall. Atebwch gydag un rhif o'r rhestr, neu gyda'u hoed.
    .retry-telegram = Sori, nid ydym yn deall. Tapiwch un o'r botymau uchod, neu ysgrifennwch eu hoed.
    .explain = Mae pwy all helpu yn dibynnu ar eu hoed, felly rydym yn gofyn beth yw eu hoed.
    .label = Eu hoed

their-under-16 = Diolch. Mae ein cwestiynau i bobl 16 oed neu drosodd, felly dyna ddiwedd y cwestiynau. Bydd rhywun yn { $service } yn cysylltu erbyn { $promised }. Eich cyfeirnod yw { $reference }.
their-under-16-help = Os ydych yn poeni am blentyn nawr, ffoniwch yr NSPCC ar { $nspcc }. Os oes plentyn mewn perygl, ffoniwch { $emergency }.

agree = Ydyn nhw'n gwybod am hyn, ac yn cytuno i ni gadw eich atebion a chysylltu?
    .they-agree = Ydyn, cytuno
    .they-agree-words = ydyn, ydy, ie, cytuno, maen nhw, mae hi, mae e, mae o
    .not-asked = Na, neu ddim eto
    .not-asked-words = na, nac ydyn, ddim eto, heb ofyn, heb ofyn eto, heb ofyn iddi, heb ofyn iddo, heb ofyn iddyn nhw
    .cannot = Ni allant ddweud
    .cannot-words = methu, dydyn nhw ddim yn gallu, dementia
    .explain = Dim ond gyda rhywun sy'n gwybod ac yn cytuno y byddwn yn cysylltu. Felly rydym yn gofyn a ydynt yn gwybod.
    .label = Maent yn cytuno

not-agreed = Diolch am ofalu. Gofynnwch iddynt gyntaf, neu gallant decstio'r rhif hwn. Nid ydym yn rhannu dim, a byddwn yn dileu eich negeseuon ar { $erased }. Gallwch ffonio { $phone }. Mewn perygl, ffoniwch { $emergency }.

relationship = Pwy ydych chi iddynt?
    .family = Teulu
    .family-words = merch, mab, gwraig, gŵr, partner, mam, tad, chwaer, brawd, nith, nai
    .friend = Ffrind neu gymydog
    .friend-words = ffrind, cymydog
    .carer = Gofalwr
    .carer-words = gofalydd, rwyn gofalu
    .work = Gweithio gyda nhw
    .work-words = gwaith, nyrs, gweithiwr, gweithiwr cymdeithasol
    .explain = Rydym yn gofyn sut ydych chi'n eu nabod: teulu, ffrind, gofalwr, neu drwy waith?
    .label = Yr un sy'n ysgrifennu

writer-name = Beth yw eich enw chi? Mae enw cyntaf yn iawn.
    .label = Enw'r un sy'n ysgrifennu

cannot-agree = Diolch. Bydd rhywun yn { $service } yn edrych ar hyn yn ofalus. Byddant yn ffonio'r rhif hwn erbyn { $promised }. Eich cyfeirnod yw { $reference }.
    .telegram = Diolch. Bydd rhywun yn { $service } yn edrych ar hyn yn ofalus. Byddant yn eich ffonio erbyn { $promised }. Eich cyfeirnod yw { $reference }.
cannot-agree-help = Dim mwy o gwestiynau nawr. Gallwch ffonio { $phone }. Os ydynt mewn perygl, ffoniwch { $emergency }.

name = Beth yw eich enw? Mae enw cyntaf yn iawn.
    .label = Enw
their-name = Beth yw eu henw? Mae enw cyntaf yn iawn.
    .label = Eu henw

practice = Pa feddygfa yw eich un chi? Tecstiwch ei henw, neu eich cod post. Os nad ydych yn gwybod, tecstiwch DDIM YN SIWR.
    .label = Meddygfa
practice-later = Popeth yn iawn. Bydd ein staff yn dod o hyd i'r feddygfa.

their-practice = Pa feddygfa yw eu hun nhw? Tecstiwch ei henw, neu eu cod post. Os nad ydych yn gwybod, tecstiwch DDIM YN SIWR.
    .label = Eu meddygfa
their-practice-later = Popeth yn iawn. Bydd ein staff yn dod o hyd i'r feddygfa.

out-of-area = Diolch. Rydych yn byw y tu allan i'n hardal. Bydd rhywun yn { $service } yn dweud pwy sy'n helpu yn eich ardal chi, erbyn { $promised }. Eich cyfeirnod yw { $reference }.
out-of-area-help = Gallwch ofyn yn eich meddygfa am weithiwr cyswllt hefyd. Dim mwy o gwestiynau nawr. Mewn perygl, ffoniwch { $emergency }.
their-out-of-area = Diolch. Maent yn byw y tu allan i'n hardal. Bydd rhywun yn { $service } yn dweud pwy sy'n helpu yn eu hardal nhw, erbyn { $promised }. Eich cyfeirnod yw { $reference }.
their-out-of-area-help = Gallant ofyn yn eu meddygfa am weithiwr cyswllt hefyd. Dim mwy o gwestiynau nawr. Mewn perygl, ffoniwch { $emergency }.

matters = Beth sy'n bwysig i chi nawr? Defnyddiwch eich geiriau eich hun, mewn un neges neu fwy.
    .explain = Rydym yn gofyn beth hoffech chi ei weld yn well yn eich bywyd. Gall fod yn beth bach, fel cwmni, cwsg neu arian. Nid oes ateb anghywir.
    .label = Beth sy'n bwysig
their-matters = Beth sy'n bwysig iddynt nawr? Defnyddiwch eu geiriau nhw os gallwch, mewn un neges neu fwy.
    .explain = Rydym yn gofyn beth hoffent ei weld yn well yn eu bywyd. Gall fod yn beth bach, fel cwmni, cwsg neu arian. Nid oes ateb anghywir.
    .label = Beth sy'n bwysig iddynt

six = Pa rai sy'n anodd nawr? Atebwch gyda rhifau, fel 1 3.
    .home = Cartref cynnes
    .home-words = cartref diogel a chynnes, cartref, gwres, tŷ
    .money = Arian am fwyd
    .money-words = digon o arian am fwyd, arian, bwyd, biliau, dyled
    .people = Pobl sy'n malio
    .people-words = pobl sy'n malio amdana i, pobl, ffrindiau, teulu, unig, cwmni
    .purpose = Pwrpas
    .purpose-words = perthyn a phwrpas, perthyn, gwaith
    .activity = Ymarfer
    .activity-words = ymarfer ac awyr iach, awyr iach
    .peace = Tawelwch meddwl
    .peace-words = tawelwch, poeni, straen
    .none = Dim un
    .none-words = dim un or rhain
    .retry = Sori, nid ydym yn deall. Atebwch â rhifau o'r rhestr, fel 1 3, neu mewn ychydig eiriau.
    .explain = Rydym yn gofyn beth sy'n anodd i chi nawr. Dewiswch gymaint ag y mynnwch, neu ddim un.
    .label = Anodd ar hyn o bryd

barriers = Beth sy'n rhwystr? Atebwch gyda rhifau.
    .getting-about = Teithio
    .getting-about-words = bysiau, cerdded, trafnidiaeth
    .money = Arian
    .money-words = cost
    .confidence = Hyder
    .confidence-words = swil, nerfus
    .caring = Gofalu
    .caring-words = plant, gofalu am rywun
    .pain = Poen, blinder
    .pain-words = poen, blinder, wedi blino, iechyd
    .language = Iaith
    .language-words = saesneg
    .online = Mynd ar-lein
    .online-words = ar lein, cyfrifiadur
    .something = Rhywbeth arall
    .something-words = arall
    .nothing = Dim byd
    .nothing-words = dim un
    .retry = Sori, nid ydym yn deall. Atebwch â rhifau o'r rhestr, fel 1 3, neu mewn ychydig eiriau.
    .explain = Rydym yn gofyn beth sy'n ei gwneud yn anodd i chi. Dewiswch gymaint ag y mynnwch, neu ddim byd.
    .label = Yn rhwystr

strengths = Beth ydych chi'n ei fwynhau, neu'n ei wneud yn dda? Mawr neu fach. I hepgor hyn, atebwch SKIP.
    .explain = Rydym yn gofyn beth ydych chi'n hoffi ei wneud, neu'n dda am ei wneud, fel coginio neu gerdded. Nid oes ateb anghywir.
    .label = Mwynhau neu wneud yn dda

pass-on = Gawn ni roi eich atebion i weithiwr cyswllt yn { $service }? Maent yn helpu pobl i gael cymorth lleol. Byddant yn cadw eich atebion, ac yn cysylltu. Os bydd rhywun mewn perygl, efallai y dywedwn wrth eraill. Gallwch newid eich meddwl.
    .explain = Gweithiwr cyswllt yw person sy'n chwilio am gymorth gyda chi, yn agos i'ch cartref. Rydym yn gofyn a all y person ddarllen eich atebion.
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
    .explain = Rydym yn gofyn sut gall person o'n staff gysylltu: drwy neges, neu drwy alwad.
    .label = Sut i gysylltu
ring-number = Pa rif gawn ni ei ffonio? Gall fod yn rhif cartref.
    .label = Rhif i'w ffonio
ring-noted = Byddwn yn ffonio'r rhif hwnnw, nid ei decstio.

their-phone = Pa rif gawn ni ei ffonio i siarad gyda nhw? I hepgor hyn, atebwch SKIP.
    .label = Eu rhif

call-whom = Pwy gawn ni ei ffonio? Os nad yw'n ddiogel tecstio yma, atebwch { $number-not-this-phone } a ffoniwch { $phone }.
    .telegram = Pwy gawn ni ei ffonio? Os nad yw'n ddiogel ysgrifennu atoch yma, tapiwch { call-whom.not-this-phone } a ffoniwch { $phone }.
    .writer-telegram = Fi
    .writer = Fi, ar y rhif hwn
    .writer-words = fi
    .them = Nhw
    .them-words = hi, fe, fo
    .either = Y naill neu'r llall
    .either-words = y ddau
    .not-this-phone = Dim mwy o decst
    .not-this-phone-words = ddim yn ddiogel, ffordd arall, llythyr
    .explain = Rydym yn gofyn pwy gawn ni ei ffonio: chi, neu'r person arall.
    .label = Pwy i'w ffonio

their-phone-unknown = Nid oes gennym rif ar eu cyfer. Bydd ein tîm yn gofyn i chi amdano.

check = Ydy hyn yn iawn? Atebwch IE, neu rif neu ENW i'w newid.
    .retry = Sori, nid ydym yn deall. Atebwch IE neu 0 os yw popeth yn iawn, neu rif y llinell i'w newid, neu ENW.
    .name-words = enw, fy enw, newid enw, newid fy enw, enw anghywir
their-check = Ydy hyn yn iawn? Atebwch IE, neu rif neu ENW i'w newid.
    .retry = Sori, nid ydym yn deall. Atebwch IE neu 0 os yw popeth yn iawn, neu rif y llinell i'w newid, neu ENW.
    .their-name-words = enw, eu henw, ei enw, ei henw, newid enw, enw anghywir
    .writer-name-words = fy enw, fy enw i, newid fy enw
    .their-phone-words = ffôn, rhif, eu rhif, ei rhif, rhif ffôn, newid rhif, rhif anghywir

handed-over = Diolch. Eich cyfeirnod yw { $reference }. Bydd gweithiwr cyswllt yn cysylltu erbyn { $promised }.
their-handed-over = Diolch. Eich cyfeirnod yw { $reference }. Bydd gweithiwr cyswllt yn cysylltu erbyn { $promised }. Dau gwestiwn eto, neu atebwch DONE.

no-more-texts = Diolch. Ni fyddwn yn tecstio'r rhif hwn eto.
their-no-more-texts = Diolch. Ni fyddwn yn tecstio'r rhif hwn eto.

people = Pwy sydd o'ch cwmpas, fel teulu? Neu atebwch SKIP.
    .explain = Rydym yn gofyn pwy sydd yn eich bywyd: teulu, ffrindiau, cymdogion, neu neb ar hyn o bryd.
    .label = Pobl o gwmpas

good-week = Sut wythnos fyddai wythnos dda i chi? Atebwch SKIP i'w hepgor, neu DONE i orffen.
    .explain = Meddyliwch am wythnos pan fydd pethau'n mynd yn dda. Beth fyddech chi'n ei wneud? Nid oes ateb anghywir.
    .label = Wythnos dda

access = Oes angen rhai o'r rhain? Atebwch.
    .large-print = Print bras
    .braille = Braille
    .audio = Sain
    .easy-read = Hawdd ei ddeall
    .sign-language = Iaith arwyddion
    .sign-language-words = bsl
    .interpreter = Cyfieithydd
    .interpreter-words = cyfieithu
    .no-calls = Tecst, nid galwad
    .no-calls-words = byddar, dim galwadau
    .carer-helps = Gofalwr yn helpu
    .carer-helps-words = gofalwr
    .none = Dim un
    .none-words = dim byd, na
    .explain = Rydym yn gofyn beth fyddai'n ei gwneud yn haws i chi ddarllen, clywed neu siarad.
    .label = Anghenion mynediad

when-to-call = Pryd yw amser da i ffonio?
    .morning = Bore
    .morning-words = boreau
    .afternoon = Prynhawn
    .afternoon-words = prynhawniau
    .any-time = Unrhyw bryd
    .any-time-words = unrhyw amser, dim ots
    .label = Pryd i ffonio

gp-copy = Gawn ni anfon nodyn byr am hyn i'ch meddygfa?
    .explain = Gallwn ddweud wrth eich meddygfa eich bod wedi gofyn am gymorth. Nid oes rhaid dweud ie.
    .label = Nodyn i'r feddygfa

figures = Gawn ni gyfrif eich atebion yn ein hadroddiadau? Nid yw eich enw byth ynddynt.
    .explain = Rydym yn cyfrif faint o bobl sy'n dweud yr un peth. Ni all neb weld mai chi oedd. Nid oes rhaid dweud ie.
    .label = Cyfrif mewn adroddiadau

give = Hoffech chi helpu pobl eraill ryw ddydd, gyda sgil neu amser?
    .explain = Mae rhai pobl yn hoffi helpu eraill, drwy ddysgu sgil neu gadw cwmni. Nid oes rhaid dweud ie.
    .label = Hoffai helpu eraill

anything-else = Oes rhywbeth arall yr hoffech ei ddweud? Os nad oes, atebwch SKIP.
    .label = Unrhyw beth arall

thanks = Diolch, dyna'r cyfan. Eich cyfeirnod yw { $reference }. Bydd gweithiwr cyswllt yn cysylltu erbyn { $promised }. Mewn perygl, ffoniwch { $emergency }.
