# Texts of any bytes made safe to show. Bytes are characters here (LC_ALL=C).

BEGIN {
    for (number = 1; number < 256; number++) byte[sprintf("%c", number)] = number
    tail = "[\200-\277]"
    utf8 = "^([\1-\177]|[\302-\337]" tail "|\340[\240-\277]" tail "|[\341-\354\356\357]" tail tail
    utf8 = utf8 "|\355[\200-\237]" tail
    utf8 = utf8 "|\360[\220-\277]" tail tail "|[\361-\363]" tail tail tail "|\364[\200-\217]" tail tail ")*$"
}

# Gives a text with every control, direction mark and byte that is no UTF-8 written out.
function visible(text,    shown, place, one, broken) {
    broken = text !~ utf8
    if (text ~ /[\1-\37\177]/ || broken) {
        shown = ""
        for (place = 1; place <= length(text); place++) {
            one = substr(text, place, 1)
            shown = shown (one ~ /[\1-\37\177]/ || (broken && byte[one] > 127) ? hexadecimal(one) : one)
        }
        text = shown
    }
    # U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069, and the controls U+0080 to U+009F
    while (match(text, /\342\200[\216\217\250-\256]|\342\201[\246-\251]|\302[\200-\237]/)) {
        shown = ""
        for (place = RSTART; place < RSTART + RLENGTH; place++) shown = shown hexadecimal(substr(text, place, 1))
        text = substr(text, 1, RSTART - 1) shown substr(text, RSTART + RLENGTH)
    }
    return text
}

function hexadecimal(one) {
    if (one == "\n") return "\\n"
    if (one == "\r") return "\\r"
    if (one == "\t") return "\\t"
    return sprintf("\\x%02x", byte[one])
}
