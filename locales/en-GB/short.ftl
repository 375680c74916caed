# The words of the short conversation, "The essentials".
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
    .label = Support for

wrong-number = That is fine. We send nothing more unless you text us. If you want support later, just text this number.

someone-else = Thank you for caring about them. A person at { $service } will ring you on this number by { $promised }. Your reference is { $reference }.
    .telegram = Thank you for caring about them. A person at { $service } will ring you by { $promised }. Your reference is { $reference }.

someone-else-help = Please tell them that you wrote to us. They can also text us on this number. If they are in danger, call { $emergency }.

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
    .label = Age

under-16 = Thank you. Our questions are for people of 16 or over, so we stop here. A person at { $service } will see your text by { $promised }. Your reference is { $reference }.

under-16-help = You can talk to Childline now, free on { $childline }. You can also tell an adult you trust. In danger, call { $emergency }.

sixteen-seventeen = Thank you, please carry on. Our team knows who helps at your age. To talk today, Childline is free on { $childline }.

name = What is your name? A first name is fine.
    .label = Name

practice = Which GP practice are you with? Text its name, or your postcode. If you do not know, text NOT SURE.
    .label = GP practice

out-of-area = Thank you. You live outside the area that we work in. A person at { $service } will tell you who helps near you, by { $promised }. Your reference is { $reference }.

out-of-area-help = You can also ask at your own GP practice for a link worker. We ask no more questions now. In danger, call { $emergency }.

practice-later = That is fine. Our team will find the practice with you.

matters = What matters most to you right now? Please use your own words, in one text or more.
    .label = What matters

pass-on = May we pass your answers to a link worker at { $service }? They help people find support nearby. They keep your answers, and contact you. If someone is in danger, we may have to tell others. You can change your mind at any time.
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
    .label = Contact by
ring-number = What number may we ring? It can be a landline.
    .label = Number to ring
ring-noted = We will ring that number, not text it.

handed-over = Thank you, we have your answers. Your reference is { $reference }. A link worker will contact you by { $promised }.

no-more-texts = Thank you. We will not text this phone again.

thanks = We read texts { $hours }. You can text us any time. In danger, call { $emergency }.
