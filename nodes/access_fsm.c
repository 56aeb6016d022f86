/*
 * nodes/access_fsm.c - the state machine under the modem and under the access network's side of one radio link.
 *
 * Source:  as nodes/access_fsm.h.
 * Knows:   states and time-outs.
 */
#include "nodes/access_fsm.h"

#include "sim/trace.h"

static Sim *fsm_sim(const Fsm *fsm)
{
    return net_sim(net_host_net(fsm->host));
}

static void fsm_on_timeout(Sim *sim, void *ctx, uint64_t arg)
{
    Fsm *fsm = ctx;

    fsm->timer = 0;
    fsm_give(fsm, &(FsmEvent){ .type = FSM_EV_TIMEOUT });
}

static const char *fsm_event_name(const FsmEvent *event)
{
    switch (event->type) {
    case FSM_EV_START: return "start";
    case FSM_EV_STOP: return "stop";
    case FSM_EV_MESSAGE: return access_type_name(event->msg->type);
    case FSM_EV_PCSCF: return "P-CSCF";
    case FSM_EV_TIMEOUT: return "time-out";
    }
    return "";
}

static FsmVerdict fsm_enter(Fsm *fsm, unsigned state)
{
    sim_cancel(fsm_sim(fsm), fsm->timer);
    fsm->timer = 0;
    fsm->state = (uint8_t)state;
    if (fsm->states[state].timeout > 0)
        fsm->timer =
            sim_after(fsm_sim(fsm), net_host_source(fsm->host), fsm->states[state].timeout, fsm_on_timeout, fsm, 0);
    return FSM_DONE;
}

void fsm_init(Fsm *fsm, NetHost *host, const FsmState *states, unsigned n_states, void *owner)
{
    *fsm = (Fsm){ .host = host, .states = states, .n_states = (uint8_t)n_states, .owner = owner };
}

void fsm_clear(Fsm *fsm)
{
    sim_cancel(fsm_sim(fsm), fsm->timer);
    fsm->timer = 0;
}

FsmVerdict fsm_go(Fsm *fsm, unsigned state)
{
    g_assert(state < fsm->n_states && fsm->states[fsm->state].to & FSM_TO(state));
    return fsm_enter(fsm, state);
}

FsmVerdict fsm_stay(Fsm *fsm)
{
    return fsm_enter(fsm, fsm->state);
}

void fsm_give(Fsm *fsm, const FsmEvent *event)
{
    unsigned state = fsm->state;

    switch (fsm->states[state].handle(fsm, event)) {
    case FSM_DONE: break;
    case FSM_UNEXPECTED:
        trace_drop(fsm_sim(fsm), net_host_name(fsm->host), "access-unexpected", "%s while %s", fsm_event_name(event),
                   fsm->states[state].name);
        break;
    }
}

const char *fsm_state_name(const Fsm *fsm)
{
    return fsm->states[fsm->state].name;
}
