# What is said when a text may be about danger. The clinical safety officer signs this file off.
#
# Never here: a level of risk, "why", a method, a promise of secrecy. That somebody is watching is said by
# $watching alone: it is watched-now while somebody has signed on for duty, else watched-later.
# A number is a variable with the name of its row in helplines.yaml. A row that does not hold in all four nations
# stands only under .england, .wales, .scotland or .northern-ireland, which then is the whole message there.
# In the replies to danger to life, 999 and Samaritans stand within the first 160 letters.

safety-emergency = Please call { $emergency } now, or ask someone near you to call. If you cannot speak, press 55 when asked. To talk to someone, call Samaritans free on { $samaritans }. This is an automatic text. { $watching } Please do not wait for us.
    .again = We read that too. Please call { $emergency } now. Samaritans listen at any time, free on { $samaritans }.

safety-suicide = Thank you for telling us. In danger, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. You can also text SHOUT to { $shout }. You matter, and you do not have to face this alone. { $watching }
    .england = Thank you for telling us. In danger, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. Or text SHOUT to { $shout }. You matter. You do not have to face this alone. { $watching }
    .wales = Thank you for telling us. In danger, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. Or text SHOUT to { $shout }. You matter. You do not have to face this alone. { $watching }
    .scotland = Thank you for telling us. In danger, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 }. Or text SHOUT to { $shout }. You matter. You do not have to face this alone. { $watching }
    .northern-ireland = Thank you for telling us. In danger, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }, or Lifeline free on { $lifeline }. You can also text SHOUT to { $shout }. You matter. You do not have to face this alone. { $watching }
    .again = We hear you. Please talk to someone now: Samaritans, free on { $samaritans }. In danger, call { $emergency }.

safety-self-harm = Thank you for telling us. If you are badly hurt, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. You can also text SHOUT to { $shout }. You deserve care and kindness. { $watching }
    .england = Thank you for telling us. If you are badly hurt, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. Or text SHOUT to { $shout }. You deserve care and kindness. { $watching }
    .wales = Thank you for telling us. If you are badly hurt, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. Or text SHOUT to { $shout }. You deserve care and kindness. { $watching }
    .scotland = Thank you for telling us. If you are badly hurt, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 }. Or text SHOUT to { $shout }. You deserve care and kindness. { $watching }
    .northern-ireland = Thank you for telling us. If you are badly hurt, call { $emergency } now. To talk at any time, call Samaritans free on { $samaritans }, or Lifeline free on { $lifeline }. You can also text SHOUT to { $shout }. You deserve care and kindness. { $watching }
    .again = We hear you. If you are badly hurt, call { $emergency }. Samaritans listen at any time, free on { $samaritans }.

safety-help-now = In danger, call { $emergency } now. If you cannot speak, press 55 when asked. To talk to someone at any time, call Samaritans free on { $samaritans }. You can also text SHOUT to { $shout }. This is an automatic text. { $watching } Please do not wait for us.
    .england = In danger, call { $emergency } now. If you cannot speak, press 55 when asked. To talk to someone at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. This is an automatic text. { $watching } Please do not wait for us.
    .wales = In danger, call { $emergency } now. If you cannot speak, press 55 when asked. To talk to someone at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. This is an automatic text. { $watching } Please do not wait for us.
    .scotland = In danger, call { $emergency } now. If you cannot speak, press 55 when asked. To talk to someone at any time, call Samaritans free on { $samaritans }. For urgent mental health help, call { $nhs-111 }. This is an automatic text. { $watching } Please do not wait for us.
    .northern-ireland = In danger, call { $emergency } now. If you cannot speak, press 55 when asked. To talk to someone at any time, call Samaritans free on { $samaritans }, or Lifeline free on { $lifeline }. This is an automatic text. { $watching } Please do not wait for us.
    .again = Please call { $emergency } now if you are in danger. Samaritans are there at any time, free on { $samaritans }.

# Somebody else may read the phone: neutral, and no name of any service.
safety-abuse = Thank you for telling us. In an emergency, call { $emergency }.
    .again = Thank you. In an emergency, call { $emergency }.

safety-child = Thank you for telling us. If anyone is in danger now, call { $emergency }. Under 19? You can talk to Childline, free on { $childline }. Worried about a child? Call the NSPCC on { $nspcc }. A person in our team will read this. { $watching }
    .again = Thank you, a person will read this too. If anyone is in danger now, call { $emergency }.

safety-harm-to-others = Thank you for telling us. If anyone is in danger, call { $emergency } now. To talk it through at any time, call Samaritans free on { $samaritans }. A person in our team will read this. { $watching }
    .again = We read that too. If anyone is in danger, call { $emergency } now. Samaritans listen, free on { $samaritans }.

safety-destitution = Thank you for telling us. A person in our team will read this. If you cannot wait, ring us on { $phone }, or your local council. If you are in danger, call { $emergency }. { $watching }
    .again = Thank you, a person will read this too. If you cannot wait, ring your local council, or us on { $phone }.

safety-distress = Thank you for telling us. That sounds very hard. In danger, call { $emergency }. To talk to someone at any time, call Samaritans free on { $samaritans }.
    .again = We hear you. Samaritans listen at any time, free on { $samaritans }. In danger, call { $emergency }.

# Said of somebody else only: for whoever worries about them. The first is about life and death.
safety-another-now = Please call { $emergency } for them now. The people there tell you what to do. Stay with them if that is safe for you. To talk to someone, call Samaritans free on { $samaritans }. This is an automatic text. { $watching } Please do not wait for us.
    .again = We read that too. Please call { $emergency } for them now. Samaritans listen to you too, at any time, free on { $samaritans }.

safety-another = Thank you for telling us. If they are in danger, call { $emergency } now, and stay with them if you can. Samaritans listen to them, and to you, free on { $samaritans }. A person in our team will read this. { $watching }
    .england = Thank you for telling us. If they are in danger, call { $emergency } now, and stay with them if you can. Samaritans listen to them, and to you, free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. A person in our team will read this. { $watching }
    .wales = Thank you for telling us. If they are in danger, call { $emergency } now, and stay with them if you can. Samaritans listen to them, and to you, free on { $samaritans }. For urgent mental health help, call { $nhs-111 } and choose 2. A person in our team will read this. { $watching }
    .scotland = Thank you for telling us. If they are in danger, call { $emergency } now, and stay with them if you can. Samaritans listen to them, and to you, free on { $samaritans }. For urgent mental health help, call { $nhs-111 }. A person in our team will read this. { $watching }
    .northern-ireland = Thank you for telling us. If they are in danger, call { $emergency } now, and stay with them if you can. Samaritans listen to them, and to you, free on { $samaritans }. Or call Lifeline, free on { $lifeline }. A person in our team will read this. { $watching }
    .again = We read that too. If they are in danger, call { $emergency } now. Samaritans listen to them, and to you, free on { $samaritans }.

safety-worried = Thank you for telling us. It is hard to see somebody like that. If they are in danger, call { $emergency }. To talk it through at any time, call Samaritans free on { $samaritans }. A person in our team will read this.
    .again = Thank you, a person will read that too. If they are in danger, call { $emergency }. Samaritans listen to you too, free on { $samaritans }.

## Whether somebody is watching

watched-now = Somebody in our team is on duty now.
watched-later = Nobody is on duty now. Our team reads texts { $hours }. Please use these numbers.

## The plain questions

are-you-safe = Are you safe right now?
    .safe = Yes
    .safe-words = yes safe, yes i feel safe, i feel safe, yes im safe thanks, im safe thanks, yes safe now, safe now, safe thanks, yes i am thanks, yea, yeah, yeh, yep, yup, yh, yess, ye, yah, aye, y, definitely, absolutely, of course, safe, i am safe, im safe, yes i am, yes thanks, yes thank you, yes i am safe, yes im safe, i am safe now, im safe now, ok im safe, ok im safe now, ok i am safe, ok i am safe now, yes im safe now, yes i am safe now, im ok, i am ok, yes im ok, yeah im ok, im ok now, im okay, i am okay, im alright, i am alright, im all right, im fine, i am fine, im fine now, yes im fine now
    .not-safe = No
    .not-safe-words = not safe, i am not safe, im not safe, unsafe, not really, no not really, no im not, no i am not, no im not safe, i dont feel safe, no i dont, im not ok, i am not ok, no im not ok, no i am not ok, not ok, im not okay, no im not okay, im not alright, no im not alright
    .not-sure = Not sure
    .not-sure-words = dont know, i dont know, maybe, i think so, think so, not certain, im not sure, i am not sure
# Words that answer neither yes nor no: first these two stand before the question, then come the next two, then
# answers-end, and then silence for an hour.
passed-on = We have passed on what you wrote.
    .again = Thank you. A person will read that too.
heard-too = We hear you, and a person will read this. In danger, call { $emergency }. Samaritans listen at any time, free on { $samaritans }.
    .again = Thank you for telling us more. You are not alone: call Samaritans, free on { $samaritans }, or { $emergency } in danger.
answers-end = A person will read all that you send. We answer no more by ourselves for now. In danger, call { $emergency }. Samaritans listen at any time, free on { $samaritans }. To be rung by our team, reply PERSON, or ring us on { $phone }.
safe-noted = Thank you. A person in our team will still read this. If things change, call { $emergency }, or Samaritans free on { $samaritans }. { $watching }
not-safe = Please call { $emergency } now, or ask someone near you to call. If you cannot speak, press 55 when asked. Samaritans listen, free on { $samaritans }. Please do not wait for us. { $watching }
not-sure = Thank you for being honest. Please talk to someone now: call Samaritans free on { $samaritans }. If you feel in danger, call { $emergency }. { $watching }

safe-to-text = Is it safe to text you on this phone?
text-safe = Thank you. In danger, call { $emergency }. If you cannot speak, press 55 when asked. To talk at any time, call Samaritans free on { $samaritans }. A person in our team will read this. { $watching }
    .england = Thank you. In danger, call { $emergency }. If you cannot speak, press 55 when asked. The domestic abuse helpline is free, day and night, on { $domestic-abuse }. A person in our team will read this. { $watching } You may want to delete these texts.
    .wales = Thank you. In danger, call { $emergency }. If you cannot speak, press 55 when asked. The domestic abuse helpline is free, day and night, on { $domestic-abuse }. A person in our team will read this. { $watching } You may want to delete these texts.
    .scotland = Thank you. In danger, call { $emergency }. If you cannot speak, press 55 when asked. The domestic abuse helpline is free, day and night, on { $domestic-abuse }. A person in our team will read this. { $watching } You may want to delete these texts.
    .northern-ireland = Thank you. In danger, call { $emergency }. If you cannot speak, press 55 when asked. The domestic abuse helpline is free, day and night, on { $domestic-abuse }. A person in our team will read this. { $watching } You may want to delete these texts.
