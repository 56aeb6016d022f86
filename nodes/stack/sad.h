/*
 * nodes/stack/sad.h - a host's security association database in its IP hook.
 *
 * Source:  TS 33.203 §6.2, §6.3, §7.1: four unidirectional ESP transport-mode SAs made by one registration, here one
 * SaSet; RFC 4303 processing. Knows:   addresses, ports, SPIs and keys.  No SIP.
 *
 * The four SAs of a set, u = UE, p = P-CSCF, c = client port, s = server port:
 *   1 UE port_uc -> P port_ps spi_ps     2 P port_ps -> UE port_uc spi_uc
 *   3 P port_pc -> UE port_us spi_us     4 UE port_us -> P port_pc spi_pc
 * Packets that match an outbound selector of the newest usable set are sealed.  Inbound, a packet to a protected port
 * that is not ESP is discarded; an ESP packet is opened by its SPI, and must match that SA's selector.
 */
#ifndef PRESEC_STACK_SAD_H
#define PRESEC_STACK_SAD_H

#include "crypto/esp.h"
#include "sim/net.h"
#include "sim/trace.h"

typedef struct Sad Sad;
typedef enum { SAD_UE, SAD_PCSCF } SadSide;
typedef uint32_t SaSetId; /* 0 = none; also what NetPacket.sa carries; never reused in a run */

typedef struct SaParams {
    NetAddr ue, pcscf;
    uint32_t spi_uc, spi_us, spi_pc, spi_ps;
    uint16_t port_uc, port_us, port_pc, port_ps;
    EspAlg alg;
    EspEalg ealg;
    uint8_t ik[16], ck[16]; /* as delivered by AKA; Annex I is applied by crypto/esp.h */
    const char *user;       /* IMPI, for the trace; copied only when tracing */
    TraceId because;        /* the decision behind the algorithms */
} SaParams;

/* Policy switches.  Anything but the default is a broken implementation, for negative controls. */
typedef struct SadPolicy {
    bool no_replay_check, no_icv_check, no_selector_check;
} SadPolicy;

/* @node: for the trace and the streams, borrowed.  @policy NULL: no broken part. */
Sad *sad_new(NetHost *host, const char *node, SadSide side, const SadPolicy *policy); /* sets the host's IP hook */
void sad_free(Sad *sad);
/* Packets to this port must be protected even while no set has it (a P-CSCF's protected server port). */
void sad_protect_port(Sad *sad, uint16_t port);

/*
 * @outbound: use it for sending from now on (a set may first only listen; it still seals what matches no other set's
 * selector, as TCP's acknowledgements of what it received).  Sets with different ports never compete: which one a
 * message goes through is decided by the ports it is sent from and to.
 * Returns 0 when the keys are weak 3DES keys (RFC 2451 §2.3).
 */
SaSetId sad_add(Sad *sad, const SaParams *params, bool outbound);
void sad_set_outbound(Sad *sad, SaSetId id, bool outbound);
void sad_remove(Sad *sad, SaSetId id);
/* A second inbound acceptance of the same SPIs under other algorithms (the "try both" mutant S12 of a P-CSCF). */
void sad_accept_also(Sad *sad, SaSetId id, EspEalg ealg);
bool sad_has(const Sad *sad, SaSetId id);
EspEalg sad_ealg(const Sad *sad, SaSetId id);
EspAlg sad_alg(const Sad *sad, SaSetId id);
TraceId sad_record(const Sad *sad, SaSetId id);         /* its TRACE_SA record */
const char *sad_protection(const Sad *sad, SaSetId id); /* "ESP null hmac-sha-1-96"; static */
/* The set that a packet to (dst, dport) from @sport would be sealed with, 0 = none. */
SaSetId sad_outbound(const Sad *sad, const NetAddr *dst, uint16_t sport, uint16_t dport);
bool sad_spi_in_use(const Sad *sad, uint32_t spi);
size_t sad_count(const Sad *sad);
size_t sad_set_octets(void); /* what one set takes in the database, its places in the indexes left out */

#endif
