//! Characters, as people read them.
//!
//! Invariant: nothing here depends on the characters around.

/// Marks over Latin, Greek and Cyrillic letters, and the short vowels of Arabic and Hebrew. Vowel signs of Indian
/// scripts stay: without them the word is another.
pub(super) fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{5b0}'..='\u{5c7}')
}

/// Characters that nobody sees: joiners, direction marks, tags, variation selectors, control characters.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e01ef}'
            | '\u{1f3fb}'..='\u{1f3ff}'
    ) || (character.is_control() && !character.is_whitespace())
}

pub(super) fn belongs_to_word(character: char) -> bool {
    // The signs of Indian scripts are part of the word, though Unicode does not call all of them alphabetic.
    character.is_alphanumeric() || matches!(character, '\u{900}'..='\u{963}' | '\u{966}'..='\u{dff}')
}

/// Emojis and other pictures are words of their own.
pub(super) fn is_symbol(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
}

/// Letters that no normalisation takes apart, but which people read as a plain letter.
pub(super) fn plain_letter(character: char) -> Option<char> {
    let squared = |first: char| char::from_u32(u32::from('a') + (u32::from(character) - u32::from(first)));
    Some(match character {
        'ł' | 'Ł' | 'ʟ' => 'l',
        'ø' | 'Ø' | 'ᴏ' => 'o',
        'đ' | 'Đ' | 'ð' | 'ᴅ' => 'd',
        'ı' | 'ɪ' => 'i',
        'ꜱ' => 's',
        'ᴛ' => 't',
        'ᴘ' => 'p',
        'ᴀ' => 'a',
        'ʙ' => 'b',
        'ᴄ' => 'c',
        'ᴇ' => 'e',
        'ɢ' => 'g',
        'ʜ' => 'h',
        'ᴊ' => 'j',
        'ᴋ' => 'k',
        'ᴍ' => 'm',
        'ɴ' => 'n',
        'ʀ' => 'r',
        'ᴜ' => 'u',
        'ᴠ' => 'v',
        'ᴡ' => 'w',
        'ʏ' => 'y',
        'ᴢ' => 'z',
        '\u{1f150}'..='\u{1f169}' => squared('\u{1f150}')?,
        '\u{1f170}'..='\u{1f189}' => squared('\u{1f170}')?,
        _ => return None,
    })
}

/// One spelling for letters that Arabic, Persian and Urdu keyboards write differently; `ß` and `æ` as two letters.
pub(super) fn same_letter(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ى' | 'ی' | 'ې' => ('ي', None),
        'ک' => ('ك', None),
        'ة' | 'ہ' | 'ھ' | 'ۃ' | 'ە' => ('ه', None),
        'ٱ' => ('ا', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// The Latin letter that a Cyrillic or Greek one looks like.
pub(super) fn look_alike(letter: char) -> Option<char> {
    Some(match letter {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'μ' => 'm',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

pub(super) fn letter_of(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' => b'i',
        b'3' => b'e',
        b'4' => b'a',
        b'5' => b's',
        b'7' => b't',
        other => other,
    }
}
