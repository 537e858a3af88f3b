//! European names in the letters of an address.

/// Lower case letters only, accents written the usual way, everything else left out.
pub fn latin(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => plain.push(letter),
            'ä' | 'æ' => plain.push_str("ae"),
            'ö' | 'ø' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'á' | 'à' | 'â' | 'ã' | 'å' | 'ą' => plain.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' => plain.push('e'),
            'í' | 'ì' | 'î' | 'ï' => plain.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' => plain.push('o'),
            'ú' | 'ù' | 'û' => plain.push('u'),
            'ç' | 'ć' => plain.push('c'),
            'ñ' | 'ń' => plain.push('n'),
            'ł' => plain.push('l'),
            'ś' => plain.push('s'),
            'ź' | 'ż' => plain.push('z'),
            _ => {}
        }
    }
    plain
}
