#!/bin/bash
# Lists the SHA-256 checksums of a folder and compares them with an older list:
#   report.sh --folder /srv/photos [--list input/photos.sha256]
# Changes nothing in the folder. Names may have any bytes: what is handed on is separated by NUL, or escaped as
# sha256sum(1) does.
# shellcheck disable=SC1111 # typographic quotes in texts for people are meant
set -euo pipefail
export LC_ALL=C
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

# Ends with words for a person: what happened and why, then what to do next.
fail() {
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

progress() {
    printf '::progress %d %s\n' "$1" "$2" >&2
}

# Shows a name of any bytes on one line.
shown() {
    printf '%s' "$1" | awk -f "$here/visible.awk" -f "$here/show.awk"
}

# "1 file" or "1,234 files"
counted() {
    local amount=$1 noun=$2
    [[ $amount == 1 ]] || noun+=s
    printf '%s %s' "$(sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta' <<<"$amount")" "$noun"
}

read_arguments() {
    folder='' list=''
    while (($#)); do
        case $1 in
            --folder) folder=${2-} ;;
            --list) list=${2-} ;;
            *) fail "The argument “$(shown "$1")” is not known." "Give --folder and, where there is one, --list." ;;
        esac
        shift $(($# > 1 ? 2 : 1))
    done
    [[ -n $folder ]] || fail "No folder was given." "Name the folder that is meant."
    [[ -d $folder ]] || fail "“$(shown "$folder")” is no folder that is seen here." "Name a folder that exists."
    folder=$(realpath -- "$folder"; printf x)
    folder=${folder%$'\n'x}
    [[ -r $folder && -x $folder ]] ||
        fail "The folder “$(shown "$folder")” cannot be read." "Allow reading it, or name another."
    [[ -z $list ]] || check_list
}

check_list() {
    local name
    name=$(shown "$list")
    if [[ $list == /* || /$list/ == */../* ]]; then
        fail "“$name” is not in the workspace." "Attach the list, and name it without a path."
    fi
    [[ -f $list ]] || fail "“$name” is no file, so it cannot be read." "Attach the list that is meant."
    FOLDER=$folder awk -f "$here/older.awk" -- "$list" >"$scratch/older" ||
        fail "“$name” is no list of SHA-256 checksums: $(cat "$scratch/older")." "Attach one as sha256sum writes it."
}

# Writes the list of all files, sorted by name, and says meanwhile how far it is. What could not be read goes to
# $scratch/unread.
take_sums() {
    local count
    find . -xdev -type f -print0 2>"$scratch/closed" | sort -z >"$scratch/names" || true
    count=$(tr -cd '\0' <"$scratch/names" | wc -c)
    progress 5 "Reading $(counted "$count" file)"
    # A name keeps its ./ so that none of them can be an option, or the "-" that stands for standard input.
    xargs -0r sha256sum -- <"$scratch/names" 2>"$scratch/unread" |
        awk -v "count=$count" '
            { print }
            int(NR * 20 / count) > told {
                told = int(NR * 20 / count)
                printf "::progress %d %d of %d files\n", 5 + told * 4, NR, count > "/dev/stderr"
            }
        ' >"$scratch/list" || true
    files=$(wc -l <"$scratch/list")
    closed=$(grep -c . "$scratch/closed" || true)
    unread=$(grep -c . "$scratch/unread" || true)
}

# A file name of at most 120 bytes that every system takes.
result_name() {
    local name
    name=$(shown "${folder##*/}" | tr '\\/:*?"<>|' ' ' | tr -s ' ' | cut -b -100 | iconv -c -f UTF-8 -t UTF-8 |
        sed 's/^[ .-]*//; s/[ .-]*$//')
    printf '%s' "${name:-root}"
}

summary() {
    printf '%s: %s%s.\n' "$(shown "$folder")" "$(counted "$files" file)" "$1"
    case $((closed + unread)) in
        0) ;;
        1) echo "1 entry could not be read and is left out." ;;
        *) echo "$((closed + unread)) entries could not be read and are left out." ;;
    esac
}

main() {
    scratch=$(mktemp -d)
    trap 'rm -rf -- "$scratch"' EXIT
    progress 1 "Looking at the folder"
    read_arguments "$@"
    local work=$PWD name
    cd -- "$folder"
    take_sums
    cd -- "$work"
    progress 88 "Writing the list"
    mkdir -p output
    name=$(result_name)
    cp -- "$scratch/list" "output/$name checksums.sha256"
    if [[ -z $list ]]; then
        summary ""
    else
        local when now=${AGENT_NOW:-$(date +%s)}
        when=$(date -d "@${now%%.*}" '+%-d %b %Y, %H:%M')
        SHOWN_FOLDER=$(shown "$folder") SHOWN_LIST=$(shown "${list##*/}") WHEN=$when UNREAD=$((closed + unread)) \
            REPORT="output/$name checksum report.md" awk -f "$here/visible.awk" -f "$here/compare.awk" \
            "$scratch/older" "$scratch/list" >"$scratch/words"
        summary " compared with $(shown "${list##*/}")"
        cat "$scratch/words"
    fi
    progress 100 "Done"
}

main "$@"
