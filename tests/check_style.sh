#!/bin/bash
# The rules a compiler does not know: formatting, tabs, length of files, and what may not be called below ui/.
# Usage: tests/check_style.sh [ROOT]
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2
LINES_MAX=600
failed=0

mapfile -t files < <(find sim crypto nodes scenarios ui tests cmake -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)
mapfile -t below_ui < <(printf '%s\n' "${files[@]}" | grep -E '^(sim|crypto|nodes|scenarios)/')
[ ${#files[@]} -gt 0 ] || exit 0

if grep -nP '\t| +$' "${files[@]}" /dev/null; then
    echo "check_style: tabs or spaces at the end of a line, see above" >&2
    failed=1
fi

for file in "${files[@]}"; do
    lines=$(wc -l < "$file")
    if [ "$lines" -gt $LINES_MAX ]; then
        echo "$file: $lines lines; files are split at $LINES_MAX"
        failed=1
    fi
done

# Comments and texts are blanked first, so that naming a call in a comment is fine.  A line is excused by a comment on it
# or on the line before: "order does not matter: WHY" for an iteration, "allowed here: WHY" for any other call.
banned_calls() {
    awk '
    function code_of(text,    out, i, c, two) {
        out = ""
        for (i = 1; i <= length(text); i++) {
            c = substr(text, i, 1); two = substr(text, i, 2)
            if (in_comment) { if (two == "*/") { in_comment = 0; i++ } }
            else if (in_text != "") { if (c == "\\") i++; else if (c == in_text) in_text = "" }
            else if (two == "/*") { in_comment = 1; i++ }
            else if (two == "//") break
            else if (c == "\"" || c == "\047") { in_text = c; out = out c }
            else out = out c
        }
        in_text = ""
        return out
    }
    function wrong(what, excuse) {
        if (index($0 before, excuse)) return
        printf "%s:%d: %s below ui/\n", FILENAME, FNR, what; bad = 1
    }
    FNR == 1 { in_comment = 0; before = "" }
    {
        code = " " code_of($0)
        if (match(code, /[^A-Za-z0-9_](time|clock|clock_gettime|gettimeofday|localtime|gmtime|mktime|getpid|getenv|secure_getenv|setlocale|rand|srand|random|srandom|rand_r|drand48|arc4random|getrandom|RAND_bytes|RAND_priv_bytes|g_get_real_time|g_get_monotonic_time|g_date_time_new_now|g_date_time_new_now_utc|g_date_time_new_now_local|g_random_int|g_random_int_range|g_random_double|g_rand_new|g_getenv|g_get_host_name|g_get_user_name)[ ]*\(/))
            wrong(substr(code, RSTART + 1, RLENGTH - 1) ")", "allowed here: ")
        if (match(code, /g_hash_table_(iter_init|foreach|foreach_remove|get_keys|get_values|get_keys_as_array|find)[ ]*\(/))
            wrong("walking a hash table", "order does not matter: ")
        if (code ~ /printf/ && $0 ~ /"[^"]*%p/) wrong("printing a pointer", "allowed here: ")
        before = $0
    }
    END { exit bad }' "$@"
}
if [ ${#below_ui[@]} -gt 0 ] && ! banned_calls "${below_ui[@]}"; then
    echo "check_style: calls that would make a run depend on more than its seed, see above" >&2
    failed=1
fi

if [ -f .clang-format ] && command -v clang-format > /dev/null; then
    clang-format --dry-run -Werror "${files[@]}" || failed=1
elif [ -f .clang-format ]; then
    echo "check_style: clang-format is not installed; formatting was not checked"
fi
exit $failed
