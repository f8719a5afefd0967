"""The readable names of what stands in lib/conn_table.c: states, events and actions in the words of RFC 2637. What a
name says is what lib/conn_control.c and lib/conn_call.c do; a row with an identifier that has no name here is an
error, and so is a name that no row uses. "report X" is PPTP_EV_X for the host; codes are the RFC's (2.1 - 2.15)."""

CONTROL_STATES = {
    "IDLE": "idle",
    "START_OFFERED": "start_offered",
    "WAIT_CTL_REPLY": "wait_ctl_reply",
    "ESTABLISHED": "established",
    "WAIT_STOP_REPLY": "wait_stop_reply",
    "CLOSING": "closing",
    "CLOSED": "closed",
}

CALL_STATES = {
    "CALL_IDLE": "idle",
    "OFFERED": "offered",
    "WAIT_REPLY": "wait_reply",
    "WAIT_CONNECT": "wait_connect",
    "ANSWERING": "answering",
    "ESTABLISHED": "established",
    "WAIT_DISCONNECT": "wait_disconnect",
    "ENDED": "ended",
}

# What happens: the message or what the host asks for, and which of the kinds of it.
CONTROL_EVENTS = {
    "IN_SCCRQ_OK": ("Start-Control-Connection-Request", ""),
    "IN_SCCRQ_ASK": ("Start-Control-Connection-Request", "with PPTP_CONN_ASK"),
    "IN_SCCRQ_VERSION": ("Start-Control-Connection-Request", "version too old"),
    "IN_SCCRQ_VALUE": ("Start-Control-Connection-Request", "bad value (strict)"),
    "IN_SCCRP_OK": ("Start-Control-Connection-Reply", "result 1"),
    "IN_SCCRP_VERSION": ("Start-Control-Connection-Reply", "other version"),
    "IN_SCCRP_REFUSED": ("Start-Control-Connection-Reply", "other result"),
    "IN_STOPCCRQ": ("Stop-Control-Connection-Request", ""),
    "IN_STOPCCRP": ("Stop-Control-Connection-Reply", ""),
    "IN_ECHORQ": ("Echo-Request", ""),
    "IN_ECHORP": ("Echo-Reply", ""),
    "IN_CALL": ("message about a call", ""),
    "IN_ACCEPT": ("host accepts", ""),
    "IN_ACCEPT_UNFIT": ("host accepts", "the version is too old or, strict, a reserved field is set"),
    "IN_REFUSE": ("host refuses", ""),
    "IN_CLOSE": ("host closes", ""),
    "IN_DRAINED": ("last octet has left", ""),
    "IN_TIMER_START": ("start_timeout_us is over", ""),
    "IN_TIMER_IDLE": ("idle_timeout_us is over", ""),
    "IN_TIMER_ECHO": ("echo_timeout_us is over", ""),
    "IN_TIMER_STOP": ("stop_timeout_us is over", ""),
}

CALL_EVENTS = {
    "CALL_IN_OCRQ": ("Outgoing-Call-Request", ""),
    "CALL_IN_OCRP_OK": ("Outgoing-Call-Reply", "result 1"),
    "CALL_IN_OCRP_BAD": ("Outgoing-Call-Reply", "other result"),
    "CALL_IN_ICRQ": ("Incoming-Call-Request", ""),
    "CALL_IN_ICRP_OK": ("Incoming-Call-Reply", "result 1"),
    "CALL_IN_ICRP_BAD": ("Incoming-Call-Reply", "other result"),
    "CALL_IN_ICCN": ("Incoming-Call-Connected", ""),
    "CALL_IN_CCRQ": ("Call-Clear-Request", ""),
    "CALL_IN_CDN": ("Call-Disconnect-Notify", ""),
    "CALL_IN_WEN": ("WAN-Error-Notify", ""),
    "CALL_IN_SLI": ("Set-Link-Info", ""),
    "CALL_IN_DIAL": ("host dials", ""),
    "CALL_IN_OFFER": ("host offers a call: the line rings", ""),
    "CALL_IN_ACCEPT": ("host accepts", ""),
    "CALL_IN_REJECT": ("host rejects", ""),
    "CALL_IN_CONNECTED": ("host has answered the line", ""),
    "CALL_IN_CLEAR": ("host clears", ""),
    "CALL_IN_LINK_INFO": ("host sets the link info", ""),
    "CALL_IN_WAN_ERRORS": ("host tells the line's errors", ""),
    "CALL_IN_TIMER": ("{timer} is over", ""),
}

# The timer of a call in each state that has one: an option of pptp_config_options.
TIMERS = {
    ("pac_incoming", "WAIT_REPLY"): "offer_timeout_us",
    ("pac_incoming", "ANSWERING"): "connect_timeout_us",
    ("pac_incoming", "ESTABLISHED"): "wan_error_interval_us",
    ("pns_incoming", "OFFERED"): "answer_timeout_us",
    ("pns_incoming", "WAIT_CONNECT"): "connect_timeout_us",
    ("pns_incoming", "WAIT_DISCONNECT"): "clear_timeout_us",
    ("pac_outgoing", "OFFERED"): "answer_timeout_us",
    ("pac_outgoing", "ESTABLISHED"): "wan_error_interval_us",
    ("pns_outgoing", "WAIT_REPLY"): "dial_timeout_us",
    ("pns_outgoing", "WAIT_DISCONNECT"): "clear_timeout_us",
}

CONTROL_ACTIONS = {
    "DO_NOTHING": "nothing",
    "DO_IGNORE": "ignore; strict: end, PROTOCOL",
    "DO_UP": "report UP",
    "DO_ASK": "report START_OFFERED",
    "DO_ACCEPT": "send Start-Control-Connection-Reply, result 1; report UP",
    "DO_ACCEPT_ASKED": "send Start-Control-Connection-Reply, result 1; report UP",
    "DO_REFUSE": "send Start-Control-Connection-Reply, the host's result",
    "DO_REFUSE_UNFIT": "send Start-Control-Connection-Reply, result 5; or result 2, error 3",
    "DO_REFUSE_VERSION": "send Start-Control-Connection-Reply, result 5",
    "DO_REFUSE_VALUE": "send Start-Control-Connection-Reply, result 2, error 3",
    "DO_CHANNEL_EXISTS": "send Start-Control-Connection-Reply, result 3",
    "DO_STOP_VERSION": "send Stop-Control-Connection-Request, reason 2",
    "DO_STOP_LOCAL": "send Stop-Control-Connection-Request, the host's reason",
    "DO_STOP_REPLY": "send Stop-Control-Connection-Reply, result 1",
    "DO_ECHO_REPLY": "send Echo-Reply, result 1",
    "DO_ECHO_EARLY": "send Echo-Reply, result 2, error 1; strict: end, PROTOCOL",
    "DO_ALIVE": "wait for idle_timeout_us anew",
    "DO_ECHO_REQUEST": "send Echo-Request",
    "DO_CALL": "hand it to the call",
    "DO_CALL_EARLY": "end, PROTOCOL; to a request for an outgoing call send Outgoing-Call-Reply, result 2, error 1",
    "DO_END_LOCAL": "report DOWN, LOCAL",
    "DO_END_REFUSED": "report DOWN, REFUSED",
    "DO_END_STOPPED": "report DOWN, STOPPED",
    "DO_END_TIMEOUT": "report DOWN, TIMEOUT",
    "DO_END": "report DOWN",
}

# {reply} and {late} differ between the two kinds of call.
CALL_ACTIONS = {
    "CALL_NOTHING": "nothing",
    "CALL_IGNORE": "ignore; strict: end, PROTOCOL",
    "CALL_OFFER": "report CALL_OFFERED",
    "CALL_WAIT_DIAL": "send Outgoing-Call-Request",
    "CALL_WAIT_OFFER": "send Incoming-Call-Request",
    "CALL_CONNECT": "report CALL_UP",
    "CALL_ANSWER_LINE": "report CALL_ANSWER",
    "CALL_CONNECT_LINE": "report CALL_UP",
    "CALL_ACCEPT": "send Outgoing-Call-Reply, result 1; report CALL_UP",
    "CALL_ACCEPT_LINE": "send Incoming-Call-Reply, result 1",
    "CALL_REFUSE": "send {reply}, refusing",
    "CALL_REFUSE_TIMEOUT": "send {reply}, {late}",
    "CALL_REFUSED": "report CALL_DOWN, REFUSED",
    "CALL_LINE_CONNECTED": "send Incoming-Call-Connected; report CALL_UP",
    "CALL_CLEAR_REQUEST": "send Call-Clear-Request",
    "CALL_CLEAR_TIMEOUT": "send Call-Clear-Request; strict: end, TIMEOUT",
    "CALL_NOTIFY": "send Call-Disconnect-Notify, the host's result",
    "CALL_NOTIFY_REQUEST": "send Call-Disconnect-Notify, result 4",
    "CALL_NOTIFY_TIMEOUT": "send Call-Disconnect-Notify, result 2, error 6; strict: end, TIMEOUT",
    "CALL_PEER": "report CALL_DOWN, PEER",
    "CALL_CLEARED": "report CALL_DOWN",
    "CALL_LEARN": "keep the peer's Call ID",
    "CALL_TIMED_OUT": "report CALL_DOWN; strict: end, TIMEOUT",
    "CALL_SEND_LINK_INFO": "send Set-Link-Info",
    "CALL_SEND_WAN_ERROR": "send WAN-Error-Notify, once in wan_error_interval_us",
    "CALL_WAN_TIMER": "send the WAN-Error-Notify that waits, if there is one",
    "CALL_LINK_INFO": "report CALL_LINK_INFO",
    "CALL_WAN_ERROR": "report CALL_WAN_ERROR",
}

KINDS = {
    "incoming": {"reply": "Incoming-Call-Reply", "late": "result 2, error 4"},
    "outgoing": {"reply": "Outgoing-Call-Reply", "late": "result 6"},
}
