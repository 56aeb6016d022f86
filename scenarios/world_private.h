/*
 * scenarios/world_private.h - the parts of a world, for the files that make it.
 *
 * Source:  scenarios/world.h.
 * Knows:   all of a run.
 */
#ifndef PRESEC_SCENARIOS_WORLD_PRIVATE_H
#define PRESEC_SCENARIOS_WORLD_PRIVATE_H

#include "nodes/seg.h"
#include "scenarios/world.h"

#define HOME_DOMAIN    "home.example"
#define VISITED_DOMAIN "visited.example"
#define CANARY_LEN     12
#define IMSI_LEN       15
#define WATCH_SECONDS  3600

/* A configuration of the network side, and the P-CSCF that plays it. */
typedef struct WorldLeg {
    Option *option;
    Pcscf *pcscf;
    const char *name, *domain; /* "pcscf2", "pcscf2.visited.example" */
    TlsContext *server;        /* its end of TLS on Gm; NULL: none */
} WorldLeg;

/* One cell or access point. */
typedef struct WorldCell {
    World *world;
    const char *name;    /* "cell:alice" */
    const char *segment; /* of a cell with one UE: "alice"; "" otherwise */
    AccessTechnology technology;
    RadioCipher cipher;
    uint8_t wep_key[RADIO_KEY_LEN];
    Access *access;
} WorldCell;

/* Who has a card: a participant, a member of a population, an attacker's own handset. */
typedef struct WorldCard {
    char *impi, *impu, *imsi;
    char impi_token[CANARY_LEN + 1], impu_token[CANARY_LEN + 1];
    const char *password; /* as a watcher, where the Presence Server asks; NULL: none */
    bool one_application; /* the ISIM is the USIM */
    MilenageKey isim, usim;
} WorldCard;

typedef struct WorldUe {
    WorldParticipant pub; /* its strings are the card's and the scenario's */
    World *world;
    const ScenarioUe *item;
    WorldCard card;
    WorldLeg *leg;
    Option *values; /* of its leg, under the run's home and guards */
    GPtrArray *bodies;
    GArray *addresses;
    uint64_t n_bodies;
} WorldUe;

typedef struct WorldMove {
    Move move;
    CellConfig cell;
} WorldMove;

typedef struct WorldSpy {
    WorldAttacker pub;
    World *world;
    const ScenarioAttacker *item;
    GPtrArray *watched; /* WorldLeg* whose P-CSCF he is in */
    GPtrArray *moves;   /* WorldMove* */
    Modem *modem;       /* of a false cell's own subscription; NULL */
    WorldCard *card;
} WorldSpy;

typedef struct WorldAct {
    World *world;
    const ScenarioAction *item;
} WorldAct;

typedef struct WorldCounter {
    char *segment;
    WorldTraffic traffic;
} WorldCounter;

typedef struct WorldPopulation WorldPopulation;

struct World {
    uint64_t seed;
    const Scenario *scenario;
    const Option *option;
    WorldFlags flags;
    Sim *sim;
    Net *net;
    Capture *capture;
    Directory *directory;
    GStringChunk *texts;
    SimSource driver;
    Hss *hss;
    Icscf *icscf;
    Scscf *scscf;
    Presence *presence;
    Pcscf *neighbour; /* NULL: none */
    NetAddr trusted[2];
    GPtrArray *specs;               /* NetLinkSpec* of changed links */
    GPtrArray *segs;                /* Seg* */
    GPtrArray *legs;                /* WorldLeg* */
    GPtrArray *cells;               /* WorldCell* */
    GPtrArray *ues;                 /* WorldUe* */
    GPtrArray *spies;               /* WorldSpy* */
    GPtrArray *populations;         /* WorldPopulation* */
    GPtrArray *counters;            /* WorldCounter* */
    GArray *acts;                   /* WorldAct */
    GArray *prefixes;               /* uint64_t given out */
    GPtrArray *release6;            /* char*, NULL-terminated */
    WorldCertificates certificates; /* given out so far */
    Pki *pki;                       /* NULL: nobody asked yet */
    PkiDesk *desk;                  /* likewise */
    GPtrArray *clients;             /* WorldTlsClient* */
    GPtrArray *contexts;            /* TlsContext*: of servers and attackers */
    const Cert *presence_cert;
    GHashTable *user_certs; /* IMPU -> const Cert*, provisioned at the Presence Server; looked up, never walked */
    GHashTable *passwords;  /* IMPU -> const char*, likewise */
    bool finished;
};

/* --- world_network.c --- */
void world_plan_core(World *world); /* before anything is planned */
void world_build_core(World *world);
void world_free_core(World *world);
/* The leg of these values; made on first mention, its P-CSCF by world_build_core(). */
WorldLeg *world_leg_for(World *world, const Option *values);
/* A cell of this access for a UE (its name) or for a population (@segment ""), linked to the leg's P-CSCF. */
WorldCell *world_cell_new(World *world, const char *name, const char *segment, OptionAccess access, WorldLeg *leg);
/* The spec of a link with the scenario's changes for this instance. */
const NetLinkSpec *world_spec(World *world, const NetLinkSpec *base, const char *instance);
NetLink *world_radio_link(World *world, WorldCell *cell, const char *name, NetHost *host);
const char *world_text(World *world, const char *format, ...) G_GNUC_PRINTF(2, 3);
ModemPolicy world_modem_policy(const Option *values, const WorldCell *cell);

/* --- world_pki.c: certificates, TLS contexts, passwords --- */
void world_plan_pki(World *world);
void world_free_pki(World *world);      /* after every node */
bool world_has_tls(const World *world); /* on some leg */
void world_certify_pcscf(World *world, WorldLeg *leg);
void world_certify_presence(World *world, PresenceConfig *config);
/* What a subscriber's handset gets of it; @config's members that speak of TLS, S/MIME and passwords are set. */
void world_certify_ue(World *world, const Option *values, const WorldLeg *leg, const WorldCard *card, UeConfig *config);
/* What an attacker owns of it, where there is any in the world. */
void world_certify_attacker(World *world, const ScenarioAttacker *item, AttackerConfig *config);

/* --- world_ue.c --- */
void world_card_draw(World *world, WorldCard *card, const char *name);
/* Tell the HSS; then spoil the card as the leg's isim-fault says, and make the two applications of it. */
void world_card_enrol(World *world, WorldCard *card, unsigned fault, AkaIsim *isim, AkaIsim *usim);
void world_card_clear(WorldCard *card);
void world_plan_ues(World *world); /* identities and legs */
void world_build_ues(World *world);
void world_ue_free(void *ue);
WorldUe *world_ue(const World *world, const char *name);
void world_schedule(World *world);
void world_note_addresses(World *world);

/* --- world_spies.c --- */
void world_build_spies(World *world);
void world_spy_free(void *spy);
/* A vector was given to a UE of this cell: what the reduction reveals of its radio key. */
void world_reveal(World *world, const WorldCell *cell, const AkaAv *av);
/* HssConfig.made; @world: a World. */
void world_reveal_answer(void *world, const char *impi, const AkaAv *av);

/* --- population.c --- */
void world_plan_populations(World *world);
void world_build_populations(World *world);
void world_population_free(void *population);

#endif
