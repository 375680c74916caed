# What every conversation says: commands, replies that were not understood, reminders, receipts.
# None of these repeats a person's own words, a theme or a name: somebody else may read the phone.
# Plain letters only: a curly quote or a long dash makes a text message twice as dear.

language-name = English
weekdays = Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday
months = January, February, March, April, May, June, July, August, September, October, November, December
yes-label = Yes
no-label = No
not-shown = not given
    .given = given
    .looked-up = we will look it up

## Commands

stopped = We have stopped. You get no more texts from { $service }. If you want support later, text START or ring { $phone }. In danger, call { $emergency }.
after-a-stop = A person will read what you wrote. You asked us to stop, so we do not answer more by text. To start again, text START, or ring { $phone }. In danger, call { $emergency }.
started = We can text you again. Text us any time, or STOP to stop.
    .telegram = We can write to you again. Write to us any time, or send STOP to stop.
help = Text HELP NOW if you need help now. In danger, call { $emergency }. BACK changes your last answer. SKIP leaves a question out. PERSON asks for a person. DONE sends what we have. AGAIN repeats the question. RESTART begins again. LANGUAGE changes the language. STOP stops all texts.
help-after-the-end = Text HELP NOW if you need help now. In danger, call { $emergency }. A person will read what you texted. We read texts { $hours }.
who = This is the automatic text line of { $service }. People in our team read what you text. To check who we are, ring { $phone }.
privacy = We use what you send to find support for you. The team at { $service } reads it. To see our privacy notice, or to ask what we keep, ring { $phone }. Text DELETE to ask us to delete it.
    .telegram = We use what you send to find support for you. The team at { $service } reads it. Telegram keeps our chat on its own servers, and can read it. To say things in another way, ring { $phone }. You can ask us for our privacy notice. Send DELETE to ask us to delete what we keep.
cannot-skip = We need this answer to help you. To talk to someone instead, reply PERSON.
cannot-skip-stuck = We need this answer to help you. What would you like to do?
nothing-to-go-back = There is no earlier answer to change.
confirm-restart = Would you like to start again from the first question?
restarted = We start again. Our team still has what you sent before.
pick-language =
    Which language would you like? Reply with a number, or text the name of your language.
    { $languages }
language-set = Thank you. We will text you in English.
language-noted = Thank you. We have noted your language. Our questions stay in English. Reply with numbers, or in your own words in any language. You can ask us for an interpreter.
by-number = Text 1 for yes, 2 for no.
check-by-number = If all is right, text 0.
person-coming = Thank you. A person will contact you by { $promised }. Your reference is { $reference }. To talk sooner, ring { $phone }. In danger, call { $emergency }.
call-coming = Thank you. We ask you no more by text. A person will ring you by { $promised }. Your reference is { $reference }. To talk sooner, ring { $phone }. In danger, call { $emergency }.
sent-early = Thank you. Our team has what you sent. Your reference is { $reference }. A person will contact you by { $promised }. In danger, call { $emergency }.
deletion = You asked us to delete. We send no more texts. A person deals with it within one month. You can ring us on { $phone }. In danger, call { $emergency }.

## Replies that were not understood, or cannot be taken

retry-choose-one = Sorry, we did not understand. Please reply with one number from the list.
    .telegram = Sorry, we did not understand. Please tap one of the buttons above, or write the words on it.
retry-choose-several = Sorry, we did not understand. Please reply with numbers from the list, like 1 3.
retry-yes-or-no = Sorry, we did not understand. Please reply 1 for yes or 2 for no.
    .telegram = Sorry, we did not understand. Please tap Yes or No above, or write it.
retry-check = Sorry, we did not understand. Please reply YES or 0 if all is right, or the number of the line to change.
retry-scale = Sorry, we did not understand. Please reply with one number from 0 to 10.
retry-whole-number = Sorry, we did not understand. Please reply with one number, like 3.
retry-own-words = Sorry, we did not understand. Please use a few words of your own.
retry-short-text = Sorry, we did not understand. Please reply in a few words.
retry-name = Sorry, we did not understand. Please text only the name.
retry-postcode = Sorry, we did not understand. Please text a postcode, like AB1 2CD.
retry-date-of-birth = Sorry, we did not understand. Please text the day, month and year, like 21 4 1950.
retry-phone = Sorry, we did not understand. Please text one UK phone number.
retry-practice = Sorry, we did not understand. Please text the name of the practice, or a postcode. If you do not know, text NOT SURE.

not-allowed-choose-one = That number is not in the list. Please reply with one number from the list.
    .telegram = We cannot take that. Please tap one of the buttons above.
not-allowed-choose-several = We cannot take that answer. Please choose again with numbers from the list.
not-allowed-yes-or-no = Please reply 1 for yes or 2 for no.
    .telegram = Please tap Yes or No above, or write it.
not-allowed-scale = That number is too high or too low. Please choose from 0 to 10.
not-allowed-whole-number = We cannot take that number. Please try another one.
not-allowed-own-words = That text is too long for us. Please try again in fewer words.
not-allowed-short-text = That text is too long for us. Please try again in fewer words.
not-allowed-name = We cannot take that as a name. Please text only the name.
not-allowed-postcode = We do not know that postcode. Please check it and try again.
not-allowed-date-of-birth = That date cannot be right. Please text the day, month and year, like 21 4 1950.
not-allowed-phone = We cannot call that number. Please text one UK phone number.
not-allowed-practice = We cannot take that. Please text the name of the practice, or a postcode.

# Said before the question is asked again, for somebody who does not understand it.
explain-choose-one = Sorry that was not clear. Choose the one line that fits best, and reply with its number. To ask a person, reply PERSON.
    .telegram = Sorry that was not clear. Tap the one button that fits best. To ask a person, send PERSON.
explain-choose-several = Sorry that was not clear. Choose every line that fits, and reply with the numbers. To ask a person, reply PERSON.
explain-yes-or-no = Sorry that was not clear. It is up to you: a yes is fine, and so is a no. To ask a person, reply PERSON.
explain-check = Sorry that was not clear. Below is what you told us. If all is right, reply YES. If a line is wrong, reply with its number.
explain-scale = Sorry that was not clear. Choose one number from 0 to 10. No number is wrong.
explain-whole-number = Sorry that was not clear. We need one number, like 3. A good guess is fine.
explain-own-words = Sorry that was not clear. No answer is wrong: tell us in a few words, as you would tell a friend. To ask a person, reply PERSON.
explain-short-text = Sorry that was not clear. A few words are enough. To ask a person, reply PERSON.
explain-name = Sorry that was not clear. We want to know which name to use. A first name is enough.
explain-postcode = Sorry that was not clear. A postcode is the last line of an address, like AB1 2CD.
explain-date-of-birth = Sorry that was not clear. We need the day, month and year of birth, like 21 4 1950.
explain-phone = Sorry that was not clear. We need a number that a person can ring. A mobile or a landline is fine.
explain-practice = Sorry that was not clear. A GP practice is where you go to see a doctor. Its name is on letters from the doctor.

proposal = Did you mean "{ $guess }"?
stuck = Sorry, we still do not understand. What would you like to do?
    .skip = Leave this out
    .try = Try again
    .person = Ask for a person
check-change = Thank you. Please answer this one again.
# A name is never read back: somebody else may read the phone.
check-changed = Thank you, we have changed that.
opening-words = We have kept what you wrote before. May we use it as your answer to what matters?

## Coming back

reminder = Hello again from { $service }. You can carry on when it suits you. Here is the last question. Reply PERSON for a person, STOP to stop.
resume = Welcome back. Would you like to carry on, or start again?
    .carry-on = Carry on
    .restart = Start again
carry-on = Thank you. Here is the question again.
who-asks = These questions are automatic, from { $service }. People in our team read what you text. To check who we are, ring { $phone }. Texts cost your usual rate. Text STOP to stop.
carry-on-hint = To carry on with our questions, reply GO.
late = Sorry, we could only read your text now.
handed-back = The automatic questions carry on now. Here is the last one.
closed = Hello from { $service }. We ask no more questions now. Our team has what you sent, and may contact you once. Your reference is { $reference }. You can text us any time. In danger, call { $emergency }.

## Telegram: where no phone number is seen, and buttons stay

your-number = What number may we ring? We cannot see yours here. You can send it now or later.
    .label = Number to ring
number-noted = Thank you. We have your number.
old-button = That button belongs to an earlier question.
person-is-here = A person from our team is with you now. Please write to them in your own words.
# What the menu of the bot says of each command.
menu-help = What you can do here
menu-stop = No more messages
menu-language = Another language
menu-privacy = Who reads this, and what we keep
menu-delete = Ask us to delete what we keep

## Other texts

message-kept = Thank you. A person will read this. We read texts { $hours }. Your reference is { $reference }. In danger, call { $emergency }.
only-text = Sorry, we can only read text. Nobody has seen or heard what you sent. Please write it, or ring { $phone }. In danger, call { $emergency }.
slow-down = Thank you. You sent us many texts. A person still reads them all, but we send no more answers for now. In danger, call { $emergency }.
too-many-answers = We have sent you many texts, so the automatic ones stop now. A person takes over. We read texts { $hours }. In danger, call { $emergency }.

## For the provider: when our server is down, and when somebody rings the number

fallback = Sorry, we cannot read texts now. In danger, call { $emergency }. To talk at any time, call Samaritans free on { $samaritans }. Please text again later, or ring { $phone }.
voice = Hello. This number is for text messages to { $service }. Nobody can answer a call here, and we record nothing. To talk to our team, ring { $phone }. In danger, hang up and call { $emergency }. To talk to someone at any time, call Samaritans free on { $samaritans }.
    .england = Hello. This number is for text messages to { $service }. Nobody can answer a call here, and we record nothing. To talk to our team, ring { $phone }. In danger, hang up and call { $emergency }. For urgent health advice, call { $nhs-111 }. To talk to someone at any time, call Samaritans free on { $samaritans }.
    .wales = Hello. This number is for text messages to { $service }. Nobody can answer a call here, and we record nothing. To talk to our team, ring { $phone }. In danger, hang up and call { $emergency }. For urgent health advice, call { $nhs-111 }. To talk to someone at any time, call Samaritans free on { $samaritans }.
    .scotland = Hello. This number is for text messages to { $service }. Nobody can answer a call here, and we record nothing. To talk to our team, ring { $phone }. In danger, hang up and call { $emergency }. For urgent health advice, call { $nhs-111 }. To talk to someone at any time, call Samaritans free on { $samaritans }.

## For operators: a text to their own phone

test-text = This is a test text from { $service }. If you can read it, texts leave and arrive. Please do not reply.
