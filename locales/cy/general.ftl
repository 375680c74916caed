# Welsh: what every conversation says. Written by a machine and not reviewed by a speaker.
# No letters with a circumflex in what people read: see what-matters.ftl.
# None of these repeats a person's own words, a theme or a name: somebody else may read the phone.

language-name = Cymraeg
weekdays = dydd Llun, dydd Mawrth, dydd Mercher, dydd Iau, dydd Gwener, dydd Sadwrn, dydd Sul
months = Ionawr, Chwefror, Mawrth, Ebrill, Mai, Mehefin, Gorffennaf, Awst, Medi, Hydref, Tachwedd, Rhagfyr
yes-label = Ie
no-label = Na
not-shown = heb ei roi
    .given = wedi ei roi
    .looked-up = byddwn yn chwilio amdani

## Commands

stopped = Rydym wedi stopio. Ni chewch fwy o decst gan { $service }. Os hoffech gymorth wedyn, tecstiwch START neu ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.
after-a-stop = Bydd person yn darllen hyn. Gofynnoch i ni stopio, felly ni fyddwn yn ateb mwy. I ddechrau eto, tecstiwch START, neu ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.
started = Gallwn decstio eto. Tecstiwch unrhyw bryd, neu STOP i stopio.
    .telegram = Gallwn ysgrifennu atoch eto. Ysgrifennwch unrhyw bryd, neu anfonwch STOP i stopio.
help = Tecstiwch HELP NOW os oes angen help nawr. Mewn perygl, ffoniwch { $emergency }. BACK: newid yr ateb olaf. SKIP: hepgor cwestiwn. PERSON: cael person. DONE: anfon yr hyn sydd gennym. AGAIN: ailofyn. RESTART: dechrau eto. LANGUAGE: newid iaith. STOP: dim mwy o decst.
help-after-the-end = Tecstiwch HELP NOW os oes angen help nawr. Mewn perygl, ffoniwch { $emergency }. Bydd person yn darllen eich neges. Rydym yn darllen negeseuon { $hours }.
who = Dyma linell decst awtomatig { $service }. Mae ein staff yn darllen eich negeseuon. I wirio pwy ydym ni, ffoniwch { $phone }.
privacy = Rydym yn defnyddio eich neges i ddod o hyd i gymorth. Mae'r staff yn { $service } yn ei darllen. I weld ein hysbysiad preifatrwydd, ffoniwch { $phone }. Tecstiwch DILEU i ofyn i ni ei dileu.
    .telegram = Rydym yn defnyddio eich neges i ddod o hyd i gymorth. Mae'r staff yn { $service } yn ei darllen. Mae Telegram yn cadw'r sgwrs ar ei weinyddion, ac yn gallu ei darllen. I siarad mewn ffordd arall, ffoniwch { $phone }. Gofynnwch i ni am ein hysbysiad preifatrwydd. Anfonwch DILEU i ofyn i ni ddileu eich neges.
cannot-skip = Mae angen yr ateb hwn i'ch helpu. I siarad gyda rhywun, atebwch PERSON.
cannot-skip-stuck = Mae angen yr ateb hwn i'ch helpu. Beth hoffech chi ei wneud?
nothing-to-go-back = Nid oes ateb cynharach i'w newid.
confirm-restart = Hoffech chi ddechrau eto o'r cwestiwn cyntaf?
restarted = Dechreuwn eto. Mae eich negeseuon cynt gennym.
pick-language =
    Pa iaith hoffech chi? Atebwch gyda rhif, neu tecstiwch enw eich iaith.
    { $languages }
language-set = Diolch. Byddwn yn tecstio yn Gymraeg.
language-noted = Diolch. Rydym wedi nodi eich iaith. Bydd y cwestiynau yn aros yn yr un iaith. Atebwch gyda rhifau, neu yn eich geiriau eich hun mewn unrhyw iaith. Gallwch ofyn am gyfieithydd.
by-number = Tecstiwch 1 am ie, 2 am na.
check-by-number = Os yw popeth yn iawn, tecstiwch 0.
person-coming = Diolch. Bydd rhywun yn cysylltu erbyn { $promised }. Eich cyfeirnod yw { $reference }. I siarad yn gynt, ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.
call-coming = Diolch. Ni fyddwn yn holi mwy drwy neges. Bydd rhywun yn eich ffonio erbyn { $promised }. Eich cyfeirnod yw { $reference }. I siarad yn gynt, ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.
sent-early = Diolch. Mae'r hyn a anfonoch gyda'n staff. Eich cyfeirnod yw { $reference }. Bydd rhywun yn cysylltu erbyn { $promised }. Mewn perygl, ffoniwch { $emergency }.
deletion = Mae eich cais i ddileu gyda ni. Ni fyddwn yn anfon mwy o decst. Bydd person yn delio gyda hyn o fewn un mis. Gallwch ffonio { $phone }. Mewn perygl, ffoniwch { $emergency }.

## Replies that were not understood, or cannot be taken

retry-choose-one = Sori, nid ydym yn deall. Atebwch gydag un rhif o'r rhestr.
    .telegram = Sori, nid ydym yn deall. Tapiwch un o'r botymau uchod, neu ysgrifennwch y geiriau arno.
retry-choose-several = Sori, nid ydym yn deall. Atebwch gyda rhifau o'r rhestr, fel 1 3.
retry-yes-or-no = Sori, nid ydym yn deall. Atebwch 1 am ie neu 2 am na.
    .telegram = Sori, nid ydym yn deall. Tapiwch un o'r botymau uchod, neu ysgrifennwch hynny.
retry-check = Sori, nid ydym yn deall. Atebwch IE neu 0 os yw popeth yn iawn, neu rif y llinell i'w newid.
retry-scale = Sori, nid ydym yn deall. Atebwch gydag un rhif o 0 i 10.
retry-whole-number = Sori, nid ydym yn deall. Atebwch gydag un rhif, fel 3.
retry-own-words = Sori, nid ydym yn deall. Defnyddiwch rai geiriau eich hun.
retry-short-text = Sori, nid ydym yn deall. Atebwch mewn ychydig eiriau.
retry-name = Sori, nid ydym yn deall. Tecstiwch yr enw yn unig.
retry-postcode = Sori, nid ydym yn deall. Tecstiwch god post, fel AB1 2CD.
retry-date-of-birth = Sori, nid ydym yn deall. Tecstiwch y dydd, y mis a'r flwyddyn, fel 21 4 1950.
retry-phone = Sori, nid ydym yn deall. Tecstiwch un rhif yn y DU.
retry-practice = Sori, nid ydym yn deall. Tecstiwch enw'r feddygfa, neu god post. Os nad ydych yn gwybod, tecstiwch DDIM YN SIWR.

not-allowed-choose-one = Nid yw'r rhif hwnnw yn y rhestr. Atebwch gydag un rhif o'r rhestr.
    .telegram = Ni allwn gymryd hynny. Tapiwch un o'r botymau uchod.
not-allowed-choose-several = Ni allwn gymryd yr ateb hwnnw. Dewiswch eto gyda rhifau o'r rhestr.
not-allowed-yes-or-no = Atebwch 1 am ie neu 2 am na.
    .telegram = Tapiwch un o'r botymau uchod, neu ysgrifennwch hynny.
not-allowed-scale = Mae'r rhif hwnnw yn rhy uchel neu'n rhy isel. Dewiswch o 0 i 10.
not-allowed-whole-number = Ni allwn gymryd y rhif hwnnw. Rhowch gynnig ar un arall.
not-allowed-own-words = Mae'r neges yn rhy hir i ni. Rhowch gynnig arall mewn llai o eiriau.
not-allowed-short-text = Mae'r neges yn rhy hir i ni. Rhowch gynnig arall mewn llai o eiriau.
not-allowed-name = Ni allwn gymryd hynny fel enw. Tecstiwch yr enw yn unig.
not-allowed-postcode = Nid ydym yn gwybod am y cod post hwnnw. Rhowch gynnig arall.
not-allowed-date-of-birth = Nid yw'r dyddiad hwnnw yn iawn. Tecstiwch y dydd, y mis a'r flwyddyn, fel 21 4 1950.
not-allowed-phone = Ni allwn ffonio'r rhif hwnnw. Tecstiwch un rhif yn y DU.
not-allowed-practice = Ni allwn gymryd hynny. Tecstiwch enw'r feddygfa, neu god post.

explain-choose-one = Sori nad oedd hynny'n glir. Dewiswch yr un llinell sy'n ffitio orau, ac atebwch gyda'i rhif. I ofyn i berson, atebwch PERSON.
    .telegram = Sori nad oedd hynny'n glir. Tapiwch yr un botwm sy'n ffitio orau. I ofyn i berson, anfonwch PERSON.
explain-choose-several = Sori nad oedd hynny'n glir. Dewiswch bob llinell sy'n ffitio, ac atebwch gyda'r rhifau. I ofyn i berson, atebwch PERSON.
explain-yes-or-no = Sori nad oedd hynny'n glir. Chi sy'n dewis: mae ie yn iawn, ac mae na yn iawn. I ofyn i berson, atebwch PERSON.
explain-check = Sori nad oedd hynny'n glir. Isod mae'r hyn a ddywedoch. Os yw popeth yn iawn, atebwch IE. Os yw llinell yn anghywir, atebwch gyda'i rhif.
explain-scale = Sori nad oedd hynny'n glir. Dewiswch un rhif o 0 i 10. Nid oes rhif anghywir.
explain-whole-number = Sori nad oedd hynny'n glir. Mae angen un rhif arnom, fel 3. Mae amcan da yn iawn.
explain-own-words = Sori nad oedd hynny'n glir. Nid oes ateb anghywir: dywedwch mewn ychydig eiriau, fel wrth ffrind. I ofyn i berson, atebwch PERSON.
explain-short-text = Sori nad oedd hynny'n glir. Mae ychydig eiriau yn ddigon. I ofyn i berson, atebwch PERSON.
explain-name = Sori nad oedd hynny'n glir. Hoffem wybod pa enw i'w ddefnyddio. Mae enw cyntaf yn ddigon.
explain-postcode = Sori nad oedd hynny'n glir. Cod post yw llinell olaf cyfeiriad, fel AB1 2CD.
explain-date-of-birth = Sori nad oedd hynny'n glir. Mae angen dydd, mis a blwyddyn geni arnom, fel 21 4 1950.
explain-phone = Sori nad oedd hynny'n glir. Mae angen rhif y gall person ei ffonio. Mae ffôn symudol neu ffôn y cartref yn iawn.
explain-practice = Sori nad oedd hynny'n glir. Meddygfa yw'r lle yr ewch i weld meddyg. Mae ei henw ar lythyrau gan y meddyg.

proposal = Ai "{ $guess }" oeddech chi'n ei feddwl?
stuck = Sori, nid ydym yn deall eto. Beth hoffech chi ei wneud?
    .skip = Hepgor hyn
    .try = Rhoi cynnig arall
    .person = Cael person
check-change = Diolch. Atebwch yr un hwn eto.
check-changed = Diolch, rydym wedi newid hynny.
opening-words = Rydym wedi cadw beth oeddech wedi ei ddweud. Gawn ni ei defnyddio fel eich ateb i beth sy'n bwysig?

## Coming back

reminder = Helo eto gan { $service }. Gallwch barhau pan fydd yn gyfleus. Dyma'r cwestiwn olaf. Atebwch PERSON i gael person, STOP i stopio.
resume = Croeso eto. Hoffech chi barhau, neu ddechrau eto?
    .carry-on = Parhau
    .restart = Dechrau eto
carry-on = Diolch. Dyma'r cwestiwn eto.
who-asks = Cwestiynau awtomatig gan { $service } yw'r rhain. Mae ein staff yn darllen eich negeseuon. I wirio pwy ydym ni, ffoniwch { $phone }. Mae tecst yn costio'r gyfradd arferol. I stopio, tecstiwch STOP.
carry-on-hint = I barhau gyda'r cwestiynau, atebwch GO.
late = Sori, dim ond nawr y gallem ddarllen eich neges.
handed-back = Mae'r cwestiynau awtomatig yn parhau nawr. Dyma'r un olaf.
closed = Helo gan { $service }. Dim mwy o gwestiynau nawr. Mae'r hyn a anfonoch gyda'n staff, ac efallai byddant yn cysylltu unwaith. Eich cyfeirnod yw { $reference }. Gallwch decstio unrhyw bryd. Mewn perygl, ffoniwch { $emergency }.

## Telegram

your-number = Pa rif gawn ni ei ffonio? Ni allwn weld eich rhif yma. Gallwch ei anfon nawr neu wedyn.
    .label = Rhif i'w ffonio
number-noted = Diolch. Mae eich rhif gennym.
old-button = Mae'r botwm hwnnw'n perthyn i gwestiwn cynharach.
person-is-here = Mae rhywun o'n staff gyda chi nawr. Ysgrifennwch atyn nhw yn eich geiriau eich hun.
menu-help = Beth allwch chi ei wneud yma
menu-stop = Dim mwy o negeseuon
menu-language = Iaith arall
menu-privacy = Pwy sy'n darllen hwn, a beth rydym yn ei gadw
menu-delete = Gofyn i ni ddileu eich neges

## Other texts

message-kept = Diolch. Bydd person yn darllen hyn. Rydym yn darllen negeseuon { $hours }. Eich cyfeirnod yw { $reference }. Mewn perygl, ffoniwch { $emergency }.
only-text = Sori, testun yn unig y gallwn ei ddarllen. Nid oes neb wedi gweld na chlywed hyn. Ysgrifennwch, neu ffoniwch { $phone }. Mewn perygl, ffoniwch { $emergency }.
slow-down = Diolch. Cawsom lawer o negeseuon. Bydd person yn eu darllen i gyd, ond ni fyddwn yn ateb mwy nawr. Mewn perygl, ffoniwch { $emergency }.
too-many-answers = Rydym wedi anfon llawer o negeseuon, felly mae'r rhai awtomatig yn stopio. Bydd person yn parhau. Rydym yn darllen negeseuon { $hours }. Mewn perygl, ffoniwch { $emergency }.

## For the provider: when our server is down, and when somebody rings the number

fallback = Sori, ni allwn ddarllen negeseuon nawr. Mewn perygl, ffoniwch { $emergency }. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Tecstiwch eto wedyn, neu ffoniwch { $phone }.
voice = Helo. Mae'r rhif hwn i anfon negeseuon testun at { $service }. Ni all neb ateb galwad yma, ac nid ydym yn recordio dim. I siarad gyda'n staff, ffoniwch { $phone }. Mewn perygl, dewch oddi ar yr alwad a ffoniwch { $emergency }. I siarad gyda rhywun unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }.
    .england = Helo. Mae'r rhif hwn i anfon negeseuon testun at { $service }. Ni all neb ateb galwad yma, ac nid ydym yn recordio dim. I siarad gyda'n staff, ffoniwch { $phone }. Mewn perygl, dewch oddi ar yr alwad a ffoniwch { $emergency }. Am gyngor iechyd brys, ffoniwch { $nhs-111 }. I siarad gyda rhywun unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }.
    .wales = Helo. Mae'r rhif hwn i anfon negeseuon testun at { $service }. Ni all neb ateb galwad yma, ac nid ydym yn recordio dim. I siarad gyda'n staff, ffoniwch { $phone }. Mewn perygl, dewch oddi ar yr alwad a ffoniwch { $emergency }. Am gyngor iechyd brys, ffoniwch { $nhs-111 }. I siarad gyda rhywun unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }.
    .scotland = Helo. Mae'r rhif hwn i anfon negeseuon testun at { $service }. Ni all neb ateb galwad yma, ac nid ydym yn recordio dim. I siarad gyda'n staff, ffoniwch { $phone }. Mewn perygl, dewch oddi ar yr alwad a ffoniwch { $emergency }. Am gyngor iechyd brys, ffoniwch { $nhs-111 }. I siarad gyda rhywun unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }.

## For operators: a text to their own phone

test-text = Neges brawf gan { $service } yw hon. Os gallwch ei darllen, mae negeseuon yn gadael ac yn cyrraedd. Peidiwch ag ateb.
