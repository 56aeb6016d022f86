#!/bin/bash
# check_determinism.sh PRESEC - the same files and seed give the same octets: twice, without address randomisation, in another locale and time
# zone, with a larger environment and perturbed memory; another seed gives others.
set -u
presec=$1
fail=0

answer() { # what a run leaves: its digest over every octet on every segment, and the verdicts of one option
    "$presec" run gap --json - 2> /dev/null
    "$presec" run rel6 --json - 2> /dev/null
    "$presec" compare --options gap,access-gea1 --properties P2,P8,P16 --json - 2> /dev/null
    "$presec" search --option rel6 --moves 1 --json - 2> /dev/null
}

same() {
    local what=$1 got
    shift
    got=$("$@")
    [ "$got" = "$expected" ] && return
    echo "not ok: $what changes the answer"
    diff <(echo "$expected") <(echo "$got") | head -n 5
    fail=1
}

export presec
export -f answer
expected=$(answer)
[ "${#expected}" -gt 200 ] || { echo "not ok: no answer to compare"; exit 1; }
same "running it again" answer
if command -v setarch > /dev/null && setarch -R true 2> /dev/null; then
    same "address randomisation" setarch -R bash -c answer
fi
same "another time zone" env TZ=Pacific/Kiritimati bash -c answer
same "another locale" env LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 bash -c answer
same "no locale" env -u LANG -u LC_ALL bash -c answer
same "perturbed memory" env MALLOC_PERTURB_=165 bash -c answer
same "a larger environment" env "FILLER=$(printf '%4000s' x)" bash -c answer
same "GLib's random hash seed" env G_RANDOM_VERSION=2.0 bash -c answer
other=$("$presec" run gap --seed 2 --json - 2> /dev/null)
[[ $expected == *"$other"* ]] && { echo "not ok: another seed changes nothing"; fail=1; }
exit $fail
