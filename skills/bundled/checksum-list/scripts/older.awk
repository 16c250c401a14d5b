# Reads an older list of checksums into the form of sha256sum(1), names beginning with ./ and escaped.
# Understands: "SUM  NAME", "SUM *NAME", "\SUM  ESCAPED NAME", "SHA256 (NAME) = SUM", "SHA2-256(NAME)= SUM".

BEGIN {
    sum = "[0-9a-fA-F][0-9a-fA-F]*"
    folder = ENVIRON["FOLDER"]
    folder = escaped_name(folder)
}

# Escapes a name as sha256sum(1) does. By pieces, since awks differ in what a backslash in a replacement is.
function escaped_name(name,    pieces, count, place, whole) {
    count = split(name, pieces, /\\/)
    whole = pieces[1]
    for (place = 2; place <= count; place++) whole = whole "\\\\" pieces[place]
    gsub(/\n/, "\\n", whole)
    gsub(/\r/, "\\r", whole)
    return whole
}

NR == 1 { sub(/^\357\273\277/, "") }
{ sub(/\r$/, "") }
/^[ \t]*$/ || /^[#;]/ { next }

{
    escaped = sub(/^\\/, "")
    if (match($0, "^" sum "[ \t][ *\t]*")) {
        digest = $0
        sub(/[ \t].*/, "", digest)
        name = substr($0, length(digest) + 3)
    } else if (match($0, "^SHA(2-)?256 ?[(].*[)] ?= ?" sum "$")) {
        digest = $0
        sub(/.*= ?/, "", digest)
        name = substr($0, index($0, "(") + 1)
        sub("[)] ?= ?" sum "$", "", name)
    } else {
        broken++
        next
    }
    if (length(digest) != 64) {
        lengths[length(digest)]++
        broken++
        next
    }
    if (!escaped) name = escaped_name(name)
    if (substr(name, 1, length(folder) + 1) == folder "/") name = substr(name, length(folder) + 2)
    while (sub(/^\.\//, "", name)) {}
    read++
    digests[read] = tolower(digest)
    names[read] = name
    base = folder
    sub(/.*\//, "", base)
    if (base != "" && substr(name, 1, length(base) + 1) == base "/") within++
}

END {
    if (!read) {
        if (lengths[32]) print "it has MD5 sums"
        else if (lengths[40]) print "it has SHA-1 sums"
        else if (lengths[128]) print "it has SHA-512 sums"
        else print broken ? "no line has one" : "it is empty"
        exit 1
    }
    # A list that was made beside the folder has the folder's name before each name.
    for (place = 1; place <= read; place++) {
        name = within == read ? substr(names[place], length(base) + 2) : names[place]
        print digests[place] "  " name
    }
    if (broken) print "broken  " broken
}
