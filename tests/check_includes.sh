#!/bin/bash
# Reads every #include of the product and fails on an arrow that the design does not have (README.md, "The parts").
# Usage: tests/check_includes.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2

includes() { # prints FILE:LINE:#include ...
    for folder in sim crypto nodes scenarios ui; do
        [ -d "$folder" ] && grep -rnE --include='*.c' --include='*.h' '^[[:space:]]*#[[:space:]]*include' "$folder"
    done
}

includes | LC_ALL=C sort | awk '
function folder_of(path) {
    if (path ~ /^nodes\/(msg|stack|attacker)\//) { sub(/^nodes\//, "", path); sub(/\/.*/, "", path); return path }
    sub(/\/.*/, "", path)
    return path
}
# A third-party header belongs to a library; headers of the C library to none.
function library_of(header) {
    if (header ~ /^openssl\//) return "openssl"
    if (header ~ /^tomcrypt/) return "tomcrypt"
    if (header ~ /^libxml\//) return "libxml2"
    if (header ~ /^json-glib\//) return "json-glib"
    if (header ~ /curses|^panel\.h|^term\.h/) return "ncurses"
    if (header ~ /^zlib\.h/) return "zlib"
    if (header ~ /^(osmocom|sofia-sip)\//) return "a test oracle"
    return ""
}
function wrong(why) { printf "%s:%s: %s\n", file, line, why; bad = 1 }

function check_folder(to, header) {
    if (from == to) return
    if (index(may[from], " " to " ")) return
    if (from == "ui" && header == "sim/trace.h") return
    if (from == "ui" && file ~ /^ui\/(decode|selftest|bench)[^\/]*$/ && index(" msg crypto ", " " to " ")) return
    if (from == "ui" && file ~ /^ui\/bench[^\/]*$/) return
    wrong(from " may not include " to " (\"" header "\")")
}
function check_library(library, header) {
    if (library == "" || index(libraries[from], " " library " ")) return
    wrong(from " may not include " library " (<" header ">)")
}

# Follows the includes of a header; the judge must not reach an option by any way.
function reaches_option(start,    n, queue, seen, i, j, parts, count) {
    n = 1; queue[1] = start; seen[start] = 1
    for (i = 1; i <= n; i++) {
        if (queue[i] ~ /^scenarios\/option[^\/]*\.h$/) return queue[i]
        count = split(includes_of[queue[i]], parts, " ")
        for (j = 1; j <= count; j++) if (!(parts[j] in seen)) { seen[parts[j]] = 1; queue[++n] = parts[j] }
    }
    return ""
}

BEGIN {
    may["sim"] = may["crypto"] = may["msg"] = " "
    may["stack"] = may["attacker"] = " msg sim crypto "
    may["attacker"] = " stack msg sim crypto "
    may["nodes"] = " stack msg sim crypto "
    may["scenarios"] = " nodes attacker sim "
    may["ui"] = " scenarios "
    libraries["crypto"] = " openssl tomcrypt "
    libraries["msg"] = " libxml2 "
    libraries["scenarios"] = " libxml2 zlib "
    libraries["ui"] = " json-glib ncurses zlib "
}
{
    n = index($0, ":"); file = substr($0, 1, n - 1); rest = substr($0, n + 1)
    n = index(rest, ":"); line = substr(rest, 1, n - 1); text = substr(rest, n + 1)
    from = folder_of(file)
    if (match(text, /"[^"]*"/)) {
        header = substr(text, RSTART + 1, RLENGTH - 2)
        if (header !~ /^(sim|crypto|nodes|scenarios|ui)\//) { wrong("\"" header "\" is not written from the root"); next }
        includes_of[file] = includes_of[file] " " header
        check_folder(folder_of(header), header)
    } else if (match(text, /<[^>]*>/)) {
        header = substr(text, RSTART + 1, RLENGTH - 2)
        check_library(library_of(header), header)
    } else
        wrong("an include that is neither \"...\" nor <...>")
}
END {
    line = 1
    for (file in includes_of)
        if (file ~ /^scenarios\/judge[^\/]*$/ && (option = reaches_option(file)) != "")
            wrong("the judge must not see an option (" option ")")
    exit bad
}' || { echo "check_includes: wrong arrows, see above" >&2; exit 1; }
