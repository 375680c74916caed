"""Asks a Bot API as python-telegram-bot does, and fails where the answers are not those of a Bot API.

    python3 -m venv /somewhere && /somewhere/bin/pip install python-telegram-bot==22.8
    FOOTBRIDGE_PTB_PYTHON=/somewhere/bin/python cargo test --test it a_client_that_others_wrote -- --nocapture

Arguments: the address, the token. What waits for it: a text, a shared card, a voice note, a tap, a change and a block, in
this order; and a text more once it has called getMe for the third time.
"""

import asyncio
import sys
import time

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, __version__
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError
from telegram.ext import Application, MessageHandler, filters

URL, TOKEN = sys.argv[1:]


async def refused(kind, request):
    try:
        await request
    except TelegramError as error:
        assert type(error) is kind, f"{type(error)} in place of {kind}: {error}"
        return
    raise AssertionError(f"{kind} was to come")


def button(data):
    return InlineKeyboardMarkup([[InlineKeyboardButton("Me", callback_data=data)]])


async def webhook(bot):
    assert await bot.set_webhook("https://x.example.org/w", secret_token="abc", allowed_updates=["message"])
    assert (await bot.get_webhook_info()).url == "https://x.example.org/w"
    await refused(Conflict, bot.get_updates())
    assert await bot.delete_webhook()
    await refused(BadRequest, bot.set_webhook("http://plain.example.org"))


async def sending(bot):
    sent = await bot.send_message(42, "hi", reply_markup=button("a:b:c"))
    assert (sent.text, sent.chat.type) == ("hi", "private")
    await refused(BadRequest, bot.send_message(42, "x" * 4097))
    await refused(BadRequest, bot.send_message(42, "hi", reply_markup=button("a" * 65)))
    await refused(BadRequest, bot.send_message(0, "hi"))
    await refused(Forbidden, bot.send_message(5, "hi"))


async def asking(bot):
    text, card, voice, tap, edit, block = await bot.get_updates(timeout=1)
    assert text.message.text and card.message.contact.phone_number and voice.message.voice.duration
    assert tap.callback_query.data and edit.edited_message.text
    assert block.my_chat_member.new_chat_member.status == "kicked"
    assert await bot.answer_callback_query(tap.callback_query.id)
    began = time.time()
    assert await bot.get_updates(offset=block.update_id + 1, timeout=2) == (), "they are confirmed"
    assert 1.8 < time.time() - began, "it waits for more"
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.5)
    async with Bot(TOKEN, base_url=URL + "/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=1))
        await refused(Conflict, first)
        await second


async def a_program():
    heard = asyncio.Event()

    async def on_text(update, _):
        await update.message.reply_text("you too")
        heard.set()

    program = Application.builder().token(TOKEN).base_url(URL + "/bot").build()
    program.add_handler(MessageHandler(filters.TEXT, on_text))
    await program.initialize()
    await program.start()
    await program.updater.start_polling(timeout=2)
    await asyncio.wait_for(heard.wait(), 30)
    await program.updater.stop()
    await program.stop()
    await program.shutdown()


async def main():
    async with Bot(TOKEN, base_url=URL + "/bot") as bot:
        assert bot.username and bot.can_join_groups is False
        await webhook(bot)
        assert await bot.set_my_commands([BotCommand("help", "Help")], language_code="cy")
        await sending(bot)
        await asking(bot)
        assert await bot.leave_chat(-1)
    await refused(InvalidToken, Bot("1:wrong", base_url=URL + "/bot").get_me())
    await a_program()
    print(f"python-telegram-bot {__version__} finds a Bot API")


asyncio.run(main())
