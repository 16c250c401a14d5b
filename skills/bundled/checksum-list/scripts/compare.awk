# Compares two lists of checksums: first the older one (of older.awk), then the one of now. Prints what is different in
# a line, and writes all of it as Markdown to `report`. Needs visible.awk.

function key_of(line,    name) {
    name = line
    sub(/^\\?[0-9a-f]+  (\.\/)?/, "", name)
    return name
}

# Undoes the escapes of sha256sum(1), and shows the name.
function plain_name(name,    pieces, count, place, whole) {
    count = split(name, pieces, /\\\\/)
    for (place = 1; place <= count; place++) {
        gsub(/\\n/, "\n", pieces[place])
        gsub(/\\r/, "\r", pieces[place])
        whole = whole (place > 1 ? "\\" : "") pieces[place]
    }
    return visible(whole)
}

function quoted(text,    fence) {
    fence = "`"
    while (index(text, fence)) fence = fence "`"
    return fence (text ~ /^[` ]|[` ]$/ ? " " text " " : text) fence
}

function counted(amount, noun) {
    return amount " " noun (amount == 1 ? "" : "s")
}

function section(title, items, count,    place) {
    if (!count) return
    printf "\n## %s\n\n", title " (" count ")" > report
    for (place = 1; place <= count && place <= most; place++) printf "- %s\n", items[place] > report
    if (count > most) printf "\n%s; the lists have them.\n", counted(count - most, "more file") > report
}

BEGIN {
    most = 1000
    # By the environment, since a value that is given by -v has its backslashes read.
    folder = ENVIRON["SHOWN_FOLDER"]
    list = ENVIRON["SHOWN_LIST"]
    report = ENVIRON["REPORT"]
    unread = ENVIRON["UNREAD"] + 0
}

FNR == 1 { which++ }

which == 1 && /^broken / { unread_lines = $2; next }

which == 1 {
    key = key_of($0)
    if (!(key in before)) order[++known] = key
    before[key] = substr($0, 1, 64)
    next
}

{
    key = key_of($0)
    digest = $0
    sub(/^\\/, "", digest)
    digest = substr(digest, 1, 64)
    if (!(key in before)) {
        fresh[++news] = key
        fresh_digest[news] = digest
    } else if (before[key] == digest) {
        same++
    } else {
        changed[++changes] = quoted(plain_name(key))
    }
    now[key] = 1
}

END {
    for (place = 1; place <= known; place++) {
        key = order[place]
        if (key in now) continue
        gone[++losses] = key
        waiting[before[key]] = waiting[before[key]] losses " "
    }
    # A new name for a content that is gone elsewhere: moved.
    for (place = 1; place <= news; place++) {
        digest = fresh_digest[place]
        if (waiting[digest] == "") {
            added[++adds] = quoted(plain_name(fresh[place]))
            continue
        }
        from = waiting[digest] + 0
        waiting[digest] = substr(waiting[digest], length(from "") + 2)
        taken[from] = 1
        moved[++moves] = quoted(plain_name(gone[from])) " → " quoted(plain_name(fresh[place]))
    }
    for (place = 1; place <= losses; place++) if (!(place in taken)) missing[++lacks] = quoted(plain_name(gone[place]))

    printf "# Checksums of %s\n\n", quoted(folder) > report
    printf "Compared with %s on %s.\n\n", quoted(list), ENVIRON["WHEN"] > report
    printf "| Same | Changed | Missing | New | Moved |\n| --: | --: | --: | --: | --: |\n" > report
    printf "| %d | %d | %d | %d | %d |\n", same, changes, lacks, adds, moves > report
    section("Changed", changed, changes + 0)
    section("Missing", missing, lacks + 0)
    section("New", added, adds + 0)
    section("Moved or renamed, with the same content", moved, moves + 0)
    if (unread) {
        entries = unread == 1 ? "1 entry" : unread " entries"
        printf "\n%s of the folder could not be read, and may be among the missing.\n", entries > report
    }
    if (unread_lines) {
        printf "\n%s of the list without a checksum passed over.\n", counted(unread_lines, "line") > report
    }

    if (changes + lacks + adds + moves == 0) print "Nothing is different: " counted(same + 0, "file") " as in the list."
    else printf "%d changed, %d missing, %d new, %d moved; %d the same.\n", changes, lacks, adds, moves, same
}
