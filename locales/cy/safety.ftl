# Welsh: what is said when a text may be about danger. Written by a machine and NOT reviewed by a speaker or a
# clinician: do not go live with it. The rules for these words stand at the head of the English file.
# No letters with a circumflex in what people read: see what-matters.ftl.

safety-emergency = Ffoniwch { $emergency } nawr, neu gofynnwch i rywun wrth eich ymyl ffonio. Os na allwch siarad, pwyswch 55. I siarad, ffoniwch Samaritans am ddim ar { $samaritans }. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .again = Rydym wedi darllen hynny hefyd. Ffoniwch { $emergency } nawr. Mae Samaritans yn gwrando unrhyw bryd, am ddim, ar { $samaritans }.

safety-suicide = Diolch am ddweud. Mewn perygl, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Neu tecstiwch SHOUT i { $shout }. Rydych yn bwysig. Nid oes rhaid bod ar eich pen eich hun gyda hyn. { $watching }
    .england = Diolch am ddweud. Mewn perygl, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neu tecstiwch SHOUT i { $shout }. Rydych yn bwysig. { $watching }
    .wales = Diolch am ddweud. Mewn perygl, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neu tecstiwch SHOUT i { $shout }. Rydych yn bwysig. { $watching }
    .scotland = Diolch am ddweud. Mewn perygl, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 }. Neu tecstiwch SHOUT i { $shout }. Rydych yn bwysig. { $watching }
    .northern-ireland = Diolch am ddweud. Mewn perygl, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }, neu Lifeline am ddim ar { $lifeline }. Neu tecstiwch SHOUT i { $shout }. Rydych yn bwysig. { $watching }
    .again = Rydym yn eich clywed. Siaradwch gyda rhywun nawr: Samaritans, am ddim, ar { $samaritans }. Mewn perygl, ffoniwch { $emergency }.

safety-self-harm = Diolch am ddweud. Os oes anaf drwg, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Neu tecstiwch SHOUT i { $shout }. Rydych yn haeddu gofal a charedigrwydd. { $watching }
    .england = Diolch am ddweud. Os oes anaf drwg, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neu tecstiwch SHOUT i { $shout }. Rydych yn haeddu gofal. { $watching }
    .wales = Diolch am ddweud. Os oes anaf drwg, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neu tecstiwch SHOUT i { $shout }. Rydych yn haeddu gofal. { $watching }
    .scotland = Diolch am ddweud. Os oes anaf drwg, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 }. Neu tecstiwch SHOUT i { $shout }. Rydych yn haeddu gofal. { $watching }
    .northern-ireland = Diolch am ddweud. Os oes anaf drwg, ffoniwch { $emergency } nawr. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }, neu Lifeline am ddim ar { $lifeline }. Neu tecstiwch SHOUT i { $shout }. Rydych yn haeddu gofal. { $watching }
    .again = Rydym yn eich clywed. Os oes anaf drwg, ffoniwch { $emergency }. Mae Samaritans yn gwrando unrhyw bryd, am ddim, ar { $samaritans }.

safety-help-now = Mewn perygl, ffoniwch { $emergency } nawr. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Neu tecstiwch SHOUT i { $shout }. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .england = Mewn perygl, ffoniwch { $emergency } nawr. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .wales = Mewn perygl, ffoniwch { $emergency } nawr. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .scotland = Mewn perygl, ffoniwch { $emergency } nawr. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 }. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .northern-ireland = Mewn perygl, ffoniwch { $emergency } nawr. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }, neu Lifeline am ddim ar { $lifeline }. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .again = Ffoniwch { $emergency } nawr os ydych mewn perygl. Mae Samaritans yno unrhyw bryd, am ddim, ar { $samaritans }.

# Somebody else may read the phone: neutral, and no name of any service.
safety-abuse = Diolch am ddweud. Mewn argyfwng, ffoniwch { $emergency }.
    .again = Diolch. Mewn argyfwng, ffoniwch { $emergency }.

safety-child = Diolch am ddweud. Os oes rhywun mewn perygl nawr, ffoniwch { $emergency }. Dan 19? Gallwch siarad gyda Childline, am ddim, ar { $childline }. Poeni am blentyn? Ffoniwch yr NSPCC ar { $nspcc }. Bydd un o'n staff yn darllen hyn. { $watching }
    .again = Diolch, bydd person yn darllen hyn hefyd. Os oes rhywun mewn perygl nawr, ffoniwch { $emergency }.

safety-harm-to-others = Diolch am ddweud. Os oes rhywun mewn perygl, ffoniwch { $emergency } nawr. I siarad am hyn unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Bydd un o'n staff yn darllen hyn. { $watching }
    .again = Rydym wedi darllen hynny hefyd. Os oes rhywun mewn perygl, ffoniwch { $emergency } nawr. Mae Samaritans yn gwrando, am ddim, ar { $samaritans }.

safety-destitution = Diolch am ddweud. Bydd un o'n staff yn darllen hyn. Os na allwch aros, ffoniwch { $phone } neu eich cyngor lleol. Mewn perygl, ffoniwch { $emergency }. { $watching }
    .again = Diolch, bydd person yn darllen hyn hefyd. Os na allwch aros, ffoniwch eich cyngor lleol, neu { $phone }.

safety-distress = Diolch am ddweud. Mae hynny'n swnio'n anodd iawn. Mewn perygl, ffoniwch { $emergency }. I siarad gyda rhywun unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }.
    .again = Rydym yn eich clywed. Mae Samaritans yn gwrando unrhyw bryd, am ddim, ar { $samaritans }. Mewn perygl, ffoniwch { $emergency }.

safety-another-now = Ffoniwch { $emergency } nawr ar eu rhan. Byddant yn dweud wrthych beth i'w wneud. Arhoswch gyda nhw os yw'n ddiogel i chi. I siarad, ffoniwch Samaritans am ddim ar { $samaritans }. Neges awtomatig yw hon. { $watching } Peidiwch ag aros amdanom ni.
    .again = Rydym wedi darllen hynny hefyd. Ffoniwch { $emergency } nawr ar eu rhan. Mae Samaritans yn gwrando arnoch chi hefyd, unrhyw bryd, am ddim ar { $samaritans }.

safety-another = Diolch am ddweud. Os ydynt mewn perygl, ffoniwch { $emergency } nawr, ac arhoswch gyda nhw os gallwch. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }. Bydd un o'n staff yn darllen hyn. { $watching }
    .england = Diolch am ddweud. Os ydynt mewn perygl, ffoniwch { $emergency } nawr, ac arhoswch gyda nhw os gallwch. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. { $watching }
    .wales = Diolch am ddweud. Os ydynt mewn perygl, ffoniwch { $emergency } nawr, ac arhoswch gyda nhw os gallwch. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 } a dewis 2. { $watching }
    .scotland = Diolch am ddweud. Os ydynt mewn perygl, ffoniwch { $emergency } nawr, ac arhoswch gyda nhw os gallwch. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }. Am help iechyd meddwl brys, ffoniwch { $nhs-111 }. { $watching }
    .northern-ireland = Diolch am ddweud. Os ydynt mewn perygl, ffoniwch { $emergency } nawr, ac arhoswch gyda nhw os gallwch. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }. Neu ffoniwch Lifeline, am ddim, ar { $lifeline }. { $watching }
    .again = Rydym wedi darllen hynny hefyd. Os ydynt mewn perygl, ffoniwch { $emergency } nawr. Mae Samaritans yn gwrando arnynt, ac arnoch chi, am ddim ar { $samaritans }.

safety-worried = Diolch am ddweud. Mae'n anodd gweld rhywun fel hyn. Os ydynt mewn perygl, ffoniwch { $emergency }. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Bydd un o'n staff yn darllen hyn.
    .again = Diolch, bydd person yn darllen hynny hefyd. Os ydynt mewn perygl, ffoniwch { $emergency }. Mae Samaritans yn gwrando arnoch chi hefyd, am ddim ar { $samaritans }.

## Whether somebody is watching

watched-now = Mae rhywun o'n staff ar ddyletswydd nawr.
watched-later = Nid oes neb ar ddyletswydd nawr. Mae ein staff yn darllen negeseuon { $hours }. Defnyddiwch y rhifau hyn.

## The plain questions

are-you-safe = Ydych chi'n ddiogel nawr?
    .safe = Ydw
    .safe-words = ie, do, ydwyf, wyf, yes, yeah, yep, y, diogel, rwyn ddiogel, ydw diolch, ydw rwyn ddiogel
    .not-safe = Nac ydw
    .not-safe-words = na, nag ydw, ddim yn ddiogel
    .not-sure = Ddim yn siwr
    .not-sure-words = ddim yn siŵr, ddim yn siwr, dim syniad, efallai
passed-on = Rydym wedi rhoi eich geiriau i'n staff.
    .again = Diolch. Bydd un o'n staff yn darllen hynny hefyd.
heard-too = Rydym yn eich clywed. Bydd un o'n staff yn darllen hyn. Mewn perygl, ffoniwch { $emergency }. Mae Samaritans yn gwrando unrhyw bryd, am ddim, ar { $samaritans }.
    .again = Diolch am ddweud mwy. Nid ydych ar eich pen eich hun: ffoniwch Samaritans am ddim ar { $samaritans }, neu { $emergency } mewn perygl.
answers-end = Bydd person yn darllen popeth. Ni fyddwn yn ateb mwy am nawr. Mewn perygl, ffoniwch { $emergency }. Mae Samaritans yn gwrando unrhyw bryd, am ddim, ar { $samaritans }. I gael galwad, tecstiwch PERSON, neu ffoniwch { $phone }.
safe-noted = Diolch. Bydd un o'n staff yn darllen hyn o hyd. Os bydd pethau'n newid, ffoniwch { $emergency }, neu Samaritans am ddim ar { $samaritans }. { $watching }
not-safe = Ffoniwch { $emergency } nawr, neu gofynnwch i rywun wrth eich ymyl ffonio. Os na allwch siarad, pwyswch 55. Samaritans, am ddim: { $samaritans }. Peidiwch ag aros amdanom ni. { $watching }
not-sure = Diolch am ddweud. Siaradwch gyda rhywun nawr: ffoniwch Samaritans am ddim ar { $samaritans }. Os ydych yn teimlo mewn perygl, ffoniwch { $emergency }. { $watching }

safe-to-text = Ydy hi'n ddiogel tecstio'r rhif hwn?
text-safe = Diolch. Mewn perygl, ffoniwch { $emergency }. Os na allwch siarad, pwyswch 55. I siarad unrhyw bryd, ffoniwch Samaritans am ddim ar { $samaritans }. Bydd un o'n staff yn darllen hyn. { $watching }
    .england = Diolch. Mewn perygl, ffoniwch { $emergency }. Os na allwch siarad, pwyswch 55. Mae'r llinell gymorth cam-drin domestig am ddim, ddydd a nos, ar { $domestic-abuse }. Bydd un o'n staff yn darllen hyn. { $watching } Efallai yr hoffech ddileu'r negeseuon hyn.
    .wales = Diolch. Mewn perygl, ffoniwch { $emergency }. Os na allwch siarad, pwyswch 55. Mae'r llinell gymorth cam-drin domestig am ddim, ddydd a nos, ar { $domestic-abuse }. Bydd un o'n staff yn darllen hyn. { $watching } Efallai yr hoffech ddileu'r negeseuon hyn.
    .scotland = Diolch. Mewn perygl, ffoniwch { $emergency }. Os na allwch siarad, pwyswch 55. Mae'r llinell gymorth cam-drin domestig am ddim, ddydd a nos, ar { $domestic-abuse }. Bydd un o'n staff yn darllen hyn. { $watching } Efallai yr hoffech ddileu'r negeseuon hyn.
    .northern-ireland = Diolch. Mewn perygl, ffoniwch { $emergency }. Os na allwch siarad, pwyswch 55. Mae'r llinell gymorth cam-drin domestig am ddim, ddydd a nos, ar { $domestic-abuse }. Bydd un o'n staff yn darllen hyn. { $watching } Efallai yr hoffech ddileu'r negeseuon hyn.
