# The words of the conversation "What matters to you".
# Plain letters only: a curly quote or a long dash makes a text message twice as dear.

welcome = Hello from { $service }. Our questions are automatic. People read your texts, even if you stop half way. To check us, ring { $phone }. Not an emergency service: in danger, call { $emergency }. Texts cost your usual rate. Text STOP to stop.
    .telegram = Hello from { $service }. Our questions are automatic. People in our team read what you send, even if you stop half way. To check who we are, ring { $phone }. We are not an emergency service: call { $emergency } in danger. Telegram keeps this chat on its servers, so it is less private than a phone call. Send /privacy to read more, STOP to stop.

for-whom = Who needs support?
    .me = Me
    .me-words = myself, for me, for myself, it is for me, its for me, mine, us
    .someone-else = Someone I know
    .someone-else-words = someone else, somebody else, somebody i know, my mum, mum, my mother, mother, my dad, dad, my father, father, my wife, wife, my husband, husband, my partner, partner, my son, son, my daughter, daughter, my friend, a friend, friend, my neighbour, a neighbour, neighbour, my gran, my nan, my grandad, my client, a patient
    .wrong-number = Wrong number
    .wrong-number-words = i did not mean to text, mistake, by mistake, my mistake, nobody, i didnt mean to text
    .explain = We ask who the support is for. It can be for you, or for someone else.
    .label = Support for

wrong-number = That is fine. We send nothing more unless you text us. If you want support later, just text this number.

age-band = How old are you?
    .under-16 = Under 16
    .under-16-words = under sixteen, 10, 11, 12, 13, 14, 15
    .age-16-17 = 16 or 17
    .age-16-17-words = 16, 17, sixteen, seventeen
    .age-18-64 = 18 to 64
    .age-18-64-words = 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, adult
    .age-65-plus = 65 or over
    .age-65-plus-words = 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, over 65, pensioner, retired
    .retry = Sorry, we did not understand. Please reply with one number from the list, or with your age.
    .retry-telegram = Sorry, we did not understand. Please tap one of the buttons above, or write your age.
    .explain = Who can help you depends on your age, so we ask how old you are.
    .label = Age

under-16 = Thank you. Our questions are for people of 16 or over, so we stop here. A person at { $service } will see your text by { $promised }. Your reference is { $reference }.
under-16-help = You can talk to Childline now, free on { $childline }. You can also tell an adult you trust. In danger, call { $emergency }.

sixteen-seventeen = Thank you, please carry on. Our team knows who helps at your age. To talk today, Childline is free on { $childline }.

their-age-band = How old are they?
    .under-16 = Under 16
    .under-16-words = under sixteen, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    .age-16-17 = 16 or 17
    .age-16-17-words = 16, 17, sixteen, seventeen
    .age-18-64 = 18 to 64
    .age-18-64-words = 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, adult
    .age-65-plus = 65 or over
    .age-65-plus-words = 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, over 65, pensioner, retired
    .retry = Sorry, we did not understand. Please reply with one number from the list, or with their age.
    .retry-telegram = Sorry, we did not understand. Please tap one of the buttons above, or write their age.
    .explain = Who can help them depends on their age, so we ask how old they are.
    .label = Their age

their-under-16 = Thank you for telling us. Our questions are for people of 16 or over, so we stop here. A person at { $service } will contact you by { $promised }. Your reference is { $reference }.
their-under-16-help = If you are worried about a child now, call the NSPCC on { $nspcc }. If a child is in danger, call { $emergency }.

agree = Do they know you are texting us, and agree that our team keeps your answers and contacts them?
    .they-agree = Yes, they agree
    .they-agree-words = yes, agree, agreed, they do, she does, he does, they know, she knows, he knows
    .not-asked = No, or not yet
    .not-asked-words = no, not yet, not asked, i have not asked, they dont know, she doesnt know, he doesnt know, havent asked, i havent asked, not asked her, not asked him, not asked them, havent asked her, havent asked him, havent asked them, have not asked her, have not asked him, have not asked them, have not asked, never asked, i never asked, not told her, not told him, not told them, havent told her, havent told him, havent told them, need to ask her, need to ask him, need to ask them
    .cannot = They are not able to say
    .cannot-words = cannot, cant, they cant, she cant, he cant, not able, unable, dementia
    .explain = We only contact someone who knows about it and wants it. So we ask if they know that you are texting us.
    .label = They agree

not-agreed = Thank you for caring about them. Please ask them first, or they can text us on this number. We pass nothing on, and erase your texts on { $erased }. You can ring us on { $phone }. In danger, call { $emergency }.

relationship = Who are you to them?
    .family = Family
    .family-words = daughter, son, wife, husband, partner, mum, mother, dad, father, sister, brother, grandson, granddaughter, niece, nephew, relative
    .friend = Friend or neighbour
    .friend-words = friend, neighbour, a friend, a neighbour
    .carer = Carer
    .carer-words = i care for them, i look after them, i look after her, i look after him
    .work = I work with them
    .work-words = work, nurse, support worker, social worker, colleague, professional
    .explain = We ask how you know them. Are you family, a friend, their carer, or is it your work?
    .label = Writer is

writer-name = What is your own name? A first name is fine.
    .label = Writer's name

cannot-agree = Thank you. A person at { $service } will look at this with care. They will ring you on this number by { $promised }. Your reference is { $reference }.
    .telegram = Thank you. A person at { $service } will look at this with care. They will ring you by { $promised }. Your reference is { $reference }.
cannot-agree-help = We ask no more questions now. You can ring us on { $phone }. If they are in danger, call { $emergency }.

name = What is your name? A first name is fine.
    .label = Name
their-name = What is their name? A first name is fine.
    .label = Their name

practice = Which GP practice are you with? Text its name, or your postcode. If you do not know, text NOT SURE.
    .label = GP practice
practice-later = That is fine. Our team will find the practice with you.

their-practice = Which GP practice are they with? Text its name, or their postcode. If you do not know, text NOT SURE.
    .label = Their GP practice
their-practice-later = That is fine. Our team will find the practice with you.

out-of-area = Thank you. You live outside the area that we work in. A person at { $service } will tell you who helps near you, by { $promised }. Your reference is { $reference }.
out-of-area-help = You can also ask at your own GP practice for a link worker. We ask no more questions now. In danger, call { $emergency }.
their-out-of-area = Thank you. They live outside the area that we work in. A person at { $service } will tell you who helps near them, by { $promised }. Your reference is { $reference }.
their-out-of-area-help = They can also ask at their own GP practice for a link worker. We ask no more questions now. In danger, call { $emergency }.

matters = What matters most to you right now? Please use your own words, in one text or more.
    .explain = We ask what you would like to be better in your life. It can be small, like company, sleep, money or getting out. No answer is wrong.
    .label = What matters
their-matters = What matters most to them right now? Please use their words if you can, in one text or more.
    .explain = We ask what they would like to be better in their life. It can be small, like company, sleep, money or getting out. No answer is wrong.
    .label = What matters to them

six = Which of these are hard now? Reply with numbers, like 1 3.
    .home = Warm, safe home
    .home-words = a safe warm home, home, house, housing, heating, warm home, safe home
    .money = Money for food
    .money-words = enough money for food, money, food, bills, debt
    .people = People who care
    .people-words = people who care about me, people, friends, family, lonely, company
    .purpose = Things to do
    .purpose-words = purpose, belonging and purpose, something to do, belonging, work, purpose in my days
    .activity = Exercise
    .activity-words = exercise and fresh air, fresh air, getting out, activity
    .peace = Peace of mind
    .peace-words = peace, worry, stress, worries
    .none = None
    .none-words = none of these, nothing, not any
    .retry = Sorry, we did not understand. Please reply with numbers from the list, like 1 3, or in a few words.
    .explain = We ask what is hard for you at the moment. Choose as many as you like, or none.
    .label = Hard at the moment

barriers = What gets in the way? Reply with numbers.
    .getting-about = Getting about
    .getting-about-words = transport, buses, travel, walking, mobility
    .money = Money
    .money-words = cost, costs
    .confidence = Confidence
    .confidence-words = nerves, shy, anxious
    .caring = Caring
    .caring-words = caring for someone, looking after someone, children, childcare
    .pain = Pain, tiredness
    .pain-words = pain, tired, tiredness, health, illness
    .language = Language
    .language-words = english
    .online = Going online
    .online-words = online, internet, computer, computers
    .something = Something else
    .something-words = other
    .nothing = Nothing
    .nothing-words = none, none of these, not much
    .retry = Sorry, we did not understand. Please reply with numbers from the list, like 1 3, or in a few words.
    .explain = We ask what makes it hard for you to do what you want. Choose as many as you like, or nothing.
    .label = Gets in the way

strengths = What do you enjoy, or do well? Big or small, all are welcome. To leave this out, reply SKIP.
    .explain = We ask what you like to do, or do well. It can be cooking, a good joke or a long walk. No answer is wrong.
    .label = Enjoys or does well

pass-on = May we pass your answers to a link worker at { $service }? They help people find support nearby. They keep your answers, and contact you. If someone is in danger, we may have to tell others. You can change your mind at any time.
    .explain = A link worker is a person who finds support with you, near your home. We ask if that person may read what you told us.
    .label = Pass on to a link worker
not-passed-on = Thank you for telling us. We pass nothing on, unless someone is in danger. We erase your words on { $erased }. If you change your mind, text us or ring { $phone }. In danger, call { $emergency }.

reach = How may we reach you? Not safe to text? Reply { $number-not-this-phone }, and ring { $phone }.
    .telegram = How may we reach you? If it is not safe to write to you here, tap { reach.not-this-phone } and ring { $phone }.
    .text-telegram = Here, on Telegram
    .text = Text
    .text-words = texts, sms, message, messages, text me, here on telegram
    .call = Call, no voicemail
    .call-words = call, phone, ring, phone call, call me, ring me, phone me, call me first, ring me first, phone me first, please call, please ring, please ring me, please call me
    .voicemail = Call or voicemail
    .voicemail-words = voicemail, call and voicemail, leave a message
    .not-this-phone = No more texts
    .not-this-phone-words = not safe, another way, not this phone, letter, do not text
    .another-number = Call another number
    .another-number-words = another number, other number, different number, landline, my landline, house phone, home phone, the landline, ring me on the landline, ring the landline, ring me on my landline, ring my landline, ring me on landline, ring landline, ring me on the house phone, ring the house phone, ring me on my house phone, ring my house phone, ring me on the home phone, ring the home phone, ring me on my home phone, ring my home phone, on the landline, on my landline
    .explain = We ask how a person from our team can get in touch with you: by text, or by a call.
    .label = Contact by
ring-number = What number may we ring? It can be a landline.
    .label = Number to ring
ring-noted = We will ring that number, not text it.

their-phone = What number may we call them on? To leave this out, reply SKIP.
    .label = Their number

call-whom = Who may we call? If it is not safe to text here, reply { $number-not-this-phone } and ring { $phone }.
    .telegram = Who may we call? If it is not safe to write to you here, tap { call-whom.not-this-phone } and ring { $phone }.
    .writer-telegram = Me
    .writer = Me, on this number
    .writer-words = me, call me, ring me, myself
    .them = Them
    .them-words = her, him, call them, ring them
    .either = Either of us
    .either-words = either, both, anyone, both of us
    .not-this-phone = No more texts
    .not-this-phone-words = not safe, another way, not this phone, letter, do not text
    .explain = We ask who our team can ring: you, or the person you are texting for.
    .label = Who to call

their-phone-unknown = We have no number for them. Our team will ask you for it.

check = Is this right? Reply YES, or a number or NAME to change.
    .retry = Sorry, we did not understand. Please reply YES or 0 if all is right, or the number of the line to change, or NAME.
    .name-words = name, my name, change name, change my name, wrong name, the name, name is wrong, my name is wrong, the name is wrong, the wrong name, name wrong, my name is misspelt, my name is mispelt, my name is misspelled, my name is spelt wrong, my name is spelled wrong, my name isnt right, my name is not right, you got my name wrong, you have my name wrong, you spelt my name wrong, got my name wrong, wrong spelling
their-check = Is this right? Reply YES, or a number or NAME to change.
    .retry = Sorry, we did not understand. Please reply YES or 0 if all is right, or the number of the line to change, or NAME.
    .their-name-words = name, their name, her name, his name, change name, change their name, change her name, change his name, wrong name, the name, name is wrong, their name is wrong, her name is wrong, his name is wrong, the name is wrong
    .writer-name-words = my name, my own name, change my name, my name is wrong, my name is misspelt, my name is mispelt, my name is misspelled, my name is spelt wrong, my name is spelled wrong, my name isnt right, my name is not right, you got my name wrong, you have my name wrong, you spelt my name wrong, got my name wrong
    .their-phone-words = phone, number, phone number, their number, her number, his number, change number, wrong number, the number, number is wrong, the number is wrong

handed-over = Thank you. Your reference is { $reference }. A link worker will contact you by { $promised }.
their-handed-over = Thank you. Your reference is { $reference }. A link worker will be in touch by { $promised }. Two more questions, or reply DONE.

no-more-texts = Thank you. We will not text this phone again.
their-no-more-texts = Thank you. We will not text this phone again.

people = Who is around you, like family or friends? Or reply SKIP.
    .explain = We ask who you have in your life: family, friends, neighbours, or no one at the moment.
    .label = People around

good-week = What would a good week look like for you? Reply SKIP to leave it out, or DONE to end here.
    .explain = Think of a week when things go well. What would you do, and who would you see? No answer is wrong.
    .label = A good week

access = Is any of this needed? Reply with numbers.
    .large-print = Large print
    .braille = Braille
    .audio = Audio
    .easy-read = Easy Read
    .sign-language = Sign language
    .sign-language-words = bsl, british sign language, signing, makaton
    .interpreter = Interpreter
    .interpreter-words = translator, interpreting
    .no-calls = Texts, not calls
    .no-calls-words = deaf, cannot take calls, relay uk, textphone, no calls
    .carer-helps = Carer helps
    .carer-helps-words = carer, someone with me, my carer helps me
    .none = None
    .none-words = none of these, nothing, no
    .explain = We ask what would make it easier for you to read, hear or talk to us.
    .label = Access needs

when-to-call = When is a good time to call?
    .morning = Morning
    .morning-words = mornings, am
    .afternoon = Afternoon
    .afternoon-words = afternoons, pm
    .any-time = Any time
    .any-time-words = anytime, whenever, dont mind, any
    .label = When to call

gp-copy = May we send a short note about this to your GP practice?
    .explain = We can tell your doctor's surgery that you asked us for support. You do not have to say yes.
    .label = Note to GP practice

figures = May we count your answers in our reports? Your name is never in them.
    .explain = We count how many people tell us the same thing. Nobody can see that it was you. You do not have to say yes.
    .label = Counted in reports

give = Would you like to help other people one day, with a skill or some time?
    .explain = Some people like to help others, by teaching a skill or keeping someone company. You do not have to say yes.
    .label = Would like to help others

anything-else = Is there anything else you want us to know? If not, reply SKIP.
    .label = Anything else

thanks = Thank you, that is all. Your reference is { $reference }. A link worker will be in touch by { $promised }. You can text us any time. In danger, call { $emergency }.
