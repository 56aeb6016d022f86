#!/bin/bash
# Shows that check_includes.sh and check_style.sh fail on what they are there for, and pass what is allowed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
failed=0

# expect RESULT CHECKER FILE TEXT: RESULT is passes or fails; the tree holds just this file (and the helpers below).
expect() {
    local result=$1 checker=$2 file=$3 got=fails
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/scenarios" "$tree/$(dirname "$file")"
    printf '#include "scenarios/option.h"\n' > "$tree/scenarios/world.h"
    printf '%b\n' "$4" > "$tree/$file"
    "$here/$checker" "$tree" > "$tree/output" 2>&1 && got=passes
    [ "$got" = "$result" ] && return
    echo "not as expected: $checker $got on $file with: $4"
    sed 's/^/    /' "$tree/output"
    failed=1
}
includes() { expect "$1" check_includes.sh "$2" "#include $3"; }
style() { expect "$1" check_style.sh "$2" "$3"; }

includes passes sim/net.c '"sim/net.h"'
includes passes sim/net.c '<glib.h>'
includes fails sim/net.c '"crypto/aka.h"'
includes fails sim/net.c '"net.h"'
includes fails sim/net.c '"../crypto/aka.h"'
includes fails sim/net.c '<openssl/evp.h>'
includes passes crypto/aka.c '<openssl/evp.h>'
includes passes crypto/kasumi.c '<tomcrypt.h>'
includes fails crypto/aka.c '"sim/net.h"'
includes fails crypto/aka.c '<libxml/tree.h>'
includes passes nodes/msg/pidf.c '<libxml/tree.h>'
includes fails nodes/msg/sip.c '"sim/net.h"'
includes fails nodes/msg/sip.c '"nodes/stack/tx.h"'
includes passes nodes/stack/tx.c '"nodes/msg/sip.h"'
includes passes nodes/stack/tx.c '"crypto/esp.h"'
includes fails nodes/stack/tx.c '"nodes/ue.h"'
includes fails nodes/stack/tx.c '<libxml/tree.h>'
includes passes nodes/ue.c '"nodes/stack/tx.h"'
includes fails nodes/ue.c '"nodes/attacker/tap.h"'
includes fails nodes/ue.c '"scenarios/option.h"'
includes passes nodes/attacker/tap.c '"nodes/stack/tx.h"'
includes fails nodes/attacker/tap.c '"nodes/ue.h"'
includes fails nodes/attacker/tap.c '"scenarios/option.h"'
includes passes scenarios/world.c '"nodes/ue.h"'
includes passes scenarios/world.c '"nodes/attacker/tap.h"'
includes fails scenarios/world.c '"ui/term.h"'
includes fails scenarios/world.c '<ncurses.h>'
includes passes scenarios/judge.c '"scenarios/verdict.h"'
includes fails scenarios/judge.c '"scenarios/option.h"'
includes fails scenarios/judge_leak.h '"scenarios/option_fields.h"'
includes fails scenarios/judge.c '"scenarios/world.h"' # which includes an option
includes passes ui/run.c '"scenarios/run.h"'
includes passes ui/run.c '"sim/trace.h"'
includes fails ui/run.c '"sim/net.h"'
includes fails ui/run.c '"nodes/msg/sip.h"'
includes passes ui/decode.c '"nodes/msg/sip.h"'
includes passes ui/selftest.c '"crypto/selftest.h"'
includes fails ui/decode.c '"nodes/ue.h"'
includes fails ui/run.c '<openssl/evp.h>'
includes passes ui/dash.c '<ncurses.h>'

style passes sim/a.c 'int a(void); /* like time(NULL), but ours */'
style passes sim/a.c 'int a = sim_time(net);'
style fails sim/a.c 'int a = time(NULL);'
style fails sim/a.c 'int a = rand();'
style fails crypto/a.c 'RAND_bytes(a, 4);'
style passes ui/a.c 'int a = time(NULL);'
style fails nodes/a.c 'g_hash_table_iter_init(&i, t);'
style passes nodes/a.c '/* order does not matter: a sum */\ng_hash_table_iter_init(&i, t);'
style passes crypto/a.c '/* allowed here: this is the one definition */\ntime_t time(time_t *out);'
style fails sim/a.c 'printf("%p", x);'
style fails ui/a.c '\tint a;'
style fails ui/a.c 'int a; '
style fails tests/a.c "$(printf '/* line */\\n%.0s' {1..601})"
[ $failed = 0 ] && echo "the checkers notice what they should"
exit $failed
