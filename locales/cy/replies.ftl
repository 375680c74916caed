# The words that are accepted at every question, Welsh.
#
# Written by machine, not reviewed by a speaker. The format is described in en-GB/replies.ftl.

yes-first = ydw, ydy, ydi, oes, ie, iawn, iawn diolch, wrth gwrs, byddwn, hoffwn, cytuno, ia
yes = do, ydyn, ydych, gwnaf, gallaf, caf, byddaf, dwi'n cytuno, rwy'n cytuno, rydw i'n cytuno, perffaith, gwych, siwr, yn bendant, iawn gen i, os gwelwch yn dda
no-first = na, nac ydw, nac ydy, nac oes, naddo, nage, dim diolch, nag oes, nag ydw
no = ddim, ddim nawr, ddim rwan, dim nawr, na fyddwn, dwi ddim, dydw i ddim, dw i ddim, byth, dwi ddim yn cytuno, anghywir
no-by-reason = [dwi'n/rwy'n/rydw i'n] rhy hen, [dwi'n/rwy'n/rydw i'n] rhy sâl, [dwi'n/rwy'n/rydw i'n] rhy brysur, ddim yn fy oed i
unsure = dim yn siwr, ddim yn siwr, dwi ddim yn siwr, dw i ddim yn siwr, dwi ddim yn gwybod, efallai, falle, ella, dim syniad, dibynnu, mae'n dibynnu
polite = plis, os gwelwch yn dda, cariad, sori, bach, hefyd, wel
thanks = diolch, diolch yn fawr, diolch i chi, diolch o galon
closing = iawn, hwyl, da iawn, gwych, hwyl fawr, nos da
greeting = helo, shwmae, s'mae, bore da, prynhawn da, noswaith dda, haia, su'mae
keyword = dechrau, cychwyn, ymuno, cofrestru

and = a, ac, neu, hefyd
but = ond
because = achos, oherwydd, am fod
none = dim un, dim un ohonynt, dim byd, dim un o'r rhain
all = i gyd, pob un, y cyfan, popeth
both = y ddau, y ddwy
not = nid, dim
last = olaf, yr olaf
scale-least = dim o gwbl
scale-most = yn llwyr
ordinal-endings = af, il, ydd, fed, ed

command-stop = stopiwch, stopio, peidiwch, peidiwch â thecstio, gadewch lonydd i mi, dim mwy o negeseuon, diwedd
stop-inside = gadewch lonydd i mi, gad lonydd i mi, dim mwy o negeseuon, ewch o 'ma
no-texts-inside = peidiwch/paid â thecstio [fi/ataf/yma] [i], peidiwch/paid thecstio/tecstio [fi/ataf/yma] [i], peidiwch/paid ag anfon neges/negeseuon [ataf/yma]
no-contact-inside = peidiwch/paid ag ateb [fi/yma/hwn], peidiwch/paid â ffonio [fi/yma], peidiwch/paid ffonio [fi/yma], peidiwch/paid â chysylltu, paid â ateb
reader = mae o, mae e, mae hi, maen nhw, mae'r gŵr, mae fy ngŵr, mae fy mhartner, mae ngŵr i, mae 'ngŵr i, mae rhywun, mae pobl, o, e, hi, nhw, fy ngŵr, fy mhartner, fy ngwraig
reads-phone = yn darllen/gwirio/gweld/edrych fy ffôn/ngeseuon/nhecstau, yn darllen/gwirio/gweld fy negeseuon, yn edrych ar/drwy fy ffôn/negeseuon, yn gweld hyn/popeth, gyda/efo fy ffôn, yn darllen hwn/hyn/popeth
no-texts-asked = peidiwch, paid, gwell peidio, ddim nawr/yma/heno
call-instead = ffoniwch/galwch fi/ni [yn] [lle] [hynny], [plis] ffoniwch [fi]
goes-on = cwestiwn nesaf, nesaf, ewch ymlaen, awn ymlaen, gadewch i ni fynd ymlaen, rwy'n barod
goes-on-when-told = ie plis, ie os gwelwch yn dda, iawn te
texts-safe = mae'n ddiogel [nawr/rwan] [tecstio/anfon] [neges], gallwch/gellwch/medrwch [chi] decstio/anfon [neges] [ataf] [i] [nawr/rwan/eto], tecstiwch fi [nawr/eto]
please = os gwelwch yn dda, plîs, plis
inside-before = felly, ond, a, nawr, iawn
inside-after = mae, dwi, rwyf, bydd, gallai, ffoniwch, achos, oherwydd
said = dweud, dywedodd, wedodd
command-help = cymorth, help llaw
command-explain = dydw i ddim yn deall, dwi ddim yn deall, ddim yn deall, beth mae hynny'n feddwl, beth yw ystyr hynny, eglurwch, egluro
command-help-now = cymorth nawr, help nawr, cymorth ar frys, help rwan
command-back = nôl, yn ôl, ewch yn ôl, mynd yn ôl, cam yn ôl
command-skip = neidio, nesaf, pasio, heibio, gwell gen i beidio â dweud, well gen i beidio â dweud, dim ateb
command-person = rhywun, siarad â rhywun, siarad efo rhywun, siarad gyda rhywun, person go iawn, ffoniwch fi, ffonia fi
command-unclear = rhywun, siarad â rhywun, siarad efo rhywun, siarad gyda rhywun, ymlaen
command-restart = ailddechrau, dechrau eto, dechrau o'r dechrau
command-language = iaith, iaith arall, newid iaith
command-done = gorffen, wedi gorffen, dyna ni, wedi'i wneud, anfon
command-who = pwy sy yna, pwy yw hwn, pwy ydych chi, pwy wyt ti
command-privacy = preifatrwydd, hysbysiad preifatrwydd, ydy hyn yn breifat, ydy hyn yn gyfrinachol
command-again = eto, ailadrodd, dwedwch eto
command-carry-on = parhau, ymlaen, cario ymlaen
command-delete = dileu, dileu popeth, dileu fy nata
language-name = saesneg, cymraeg, gymraeg, pwyleg, arabeg
language-around = yn, yn y, dwi eisiau siarad, siarad

name-before = fy enw i yw, fy enw i ydy, enw i yw, fi yw, galwch fi'n
name-of-writer = fy enw i yw, fy enw i ydy, enw i yw, galwch fi'n
name-of-other = ei henw hi yw, ei enw e yw, ei enw o ydy, eu henw nhw yw
practice-word = meddygfa, feddygfa, canolfan, iechyd, meddyg, feddygol
not-a-practice = enw, fy enw, fi, neges, testun, ffôn, rhif, ateb, cwestiwn, rhestr, newid, cod post
practice-place = stryd, heol, ffordd, lôn, rhodfa, sgwâr, parc, bryn, pentref, tref, canol, uchaf, isaf
practice-none = dim meddyg, does gen i ddim meddyg, dwi ddim yn gwybod
practice-generic = meddygfa, feddygfa, canolfan, iechyd, feddygol, y, yr

number-0 = dim, sero
number-1 = un
number-2 = dau, dwy
number-3 = tri, tair
number-4 = pedwar, pedair
number-5 = pump, pum
number-6 = chwech, chwe
number-7 = saith
number-8 = wyth
number-9 = naw
number-10 = deg
number-11 = un deg un, un ar ddeg
number-12 = un deg dau, deuddeg
number-13 = un deg tri
number-14 = un deg pedwar
number-15 = un deg pump, pymtheg
number-16 = un deg chwech
number-17 = un deg saith
number-18 = un deg wyth, deunaw
number-19 = un deg naw
number-20 = dau ddeg, ugain
number-30 = tri deg
number-40 = pedwar deg
number-50 = pum deg, hanner cant
number-60 = chwe deg
number-70 = saith deg
number-80 = wyth deg
number-90 = naw deg
# 100 has no entry: to most people who text us, cant is can't.

ordinal-1 = cyntaf, y cyntaf
ordinal-2 = ail, yr ail
ordinal-3 = trydydd, y trydydd, trydedd
ordinal-4 = pedwerydd, y pedwerydd
ordinal-5 = pumed, y pumed

decade-20 = dauddegau, ugeiniau
decade-30 = tridegau
decade-40 = pedwardegau
decade-50 = pumdegau
decade-60 = chwedegau
decade-70 = saithdegau
decade-80 = wythdegau
decade-90 = nawdegau
age-nearly = bron yn, bron [â] bod yn, bron
age-over = dros
age-under = dan, o dan
age-around = yn fy, yn ei, yn eu, oed, dwi'n, rwy'n, rydw i'n, mae hi'n, mae e'n, mae o'n
born = ganwyd, cefais fy ngeni [yn], ganwyd fi [yn], fy ngeni [yn]

month-1 = ionawr
month-2 = chwefror
month-3 = mawrth
month-4 = ebrill
month-5 = mai
month-6 = mehefin
month-7 = gorffennaf
month-8 = awst
month-9 = medi
month-10 = hydref
month-11 = tachwedd
month-12 = rhagfyr

day-25-12 = dydd nadolig
day-1-3 = dydd gŵyl dewi

same-phone = ffôn, ffonio, galwad ffôn
same-text = neges destun, tecst
same-home = cartref, adref
same-letter = llythyr
same-rather-not-say = gwell gen i beidio â dweud, well gen i beidio â dweud
same-morning = bore
same-afternoon = prynhawn
same-evening = nos, noswaith
