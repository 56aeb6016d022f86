/*
 * nodes/attacker/dictionary.c - words that people take for passwords, the most usual first.
 */
#include "nodes/attacker/dictionary.h"

#include <glib.h>

const char *const attacker_dictionary[] = {
    "password",   "secret",    "letmein",  "qwerty",    "123456",   "12345678",  "111111",    "abc123",   "welcome",
    "dragon",     "monkey",    "sunshine", "master",    "shadow",   "football",  "baseball",  "princess", "summer",
    "winter",     "spring",    "autumn",   "monday",    "friday",   "january",   "april",     "august",   "december",
    "coffee",     "chocolate", "cookie",   "banana",    "orange",   "cherry",    "apple",     "lemon",    "pepper",
    "ginger",     "tiger",     "eagle",    "falcon",    "panther",  "dolphin",   "rabbit",    "turtle",   "chicken",
    "silver",     "golden",    "purple",   "yellow",    "crystal",  "diamond",   "emerald",   "rainbow",  "thunder",
    "lightning",  "mountain",  "island",   "ocean",     "river",    "garden",    "forest",    "castle",   "bridge",
    "london",     "paris",     "berlin",   "madrid",    "lisbon",   "oslo",      "helsinki",  "athens",   "vienna",
    "soccer",     "hockey",    "tennis",   "guitar",    "piano",    "violin",    "trumpet",   "dancer",   "singer",
    "captain",    "soldier",   "wizard",   "knight",    "pirate",   "hunter",    "ranger",    "driver",   "doctor",
    "teacher",    "student",   "mother",   "father",    "sister",   "brother",   "family",    "friend",   "darling",
    "sweetheart", "freedom",   "liberty",  "forever",   "whatever", "nothing",   "something", "trustno1", "iloveyou",
    "computer",   "internet",  "mobile",   "telephone", "presence", "available", "busy",      "offline",  "messenger",
    "hello",      "goodbye",   "please",   "thanks",    "magic",    "mystery",   "phoenix",   "matrix",   "system",
    "access",     "changeme",  "default",  "admin",     "guest",    "test123",   "pass1234",  "zaq12wsx",
};
const size_t attacker_dictionary_len = G_N_ELEMENTS(attacker_dictionary);
