/* automaton: the state transition table of RFC 1661 4.1, as data.
 *
 * A cell reads actions, next state; NO marks what cannot happen. fsm.c carries the actions out. The
 * restart, passive and crossed-connection notes of the RFC (r, p, x) change no cell. */
#include "fsm.h"

/* clang-format off */
#define NO {0, PPP_IMPOSSIBLE}
#define TLU PPP_TLU
#define TLD PPP_TLD
#define TLS PPP_TLS
#define TLF PPP_TLF
#define IRC PPP_IRC
#define ZRC PPP_ZRC
#define SCR PPP_SCR
#define SCA PPP_SCA
#define SCN PPP_SCN
#define STR PPP_STR
#define STA PPP_STA
#define SCJ PPP_SCJ
#define SER PPP_SER

static const struct ppp_cell table[PPP_FSM_EVENTS][PPP_STATES] = {
	/*                0 Initial      1 Starting     2 Closed       3 Stopped                4 Closing      5 Stopping
	 *                6 Req-Sent            7 Ack-Rcvd            8 Ack-Sent            9 Opened */
	[PPP_UP]        = {{0, 2},       {IRC|SCR, 6},  NO,            NO,                      NO,            NO,
			   NO,                  NO,                 NO,                 NO},
	[PPP_DOWN]      = {NO,           NO,            {0, 0},        {TLS, 1},                {0, 0},        {0, 1},
			   {0, 1},              {0, 1},             {0, 1},             {TLD, 1}},
	[PPP_OPEN]      = {{TLS, 1},     {0, 1},        {IRC|SCR, 6},  {0, 3},                  {0, 5},        {0, 5},
			   {0, 6},              {0, 7},             {0, 8},             {0, 9}},
	[PPP_CLOSE]     = {{0, 0},       {TLF, 0},      {0, 2},        {0, 2},                  {0, 4},        {0, 4},
			   {IRC|STR, 4},        {IRC|STR, 4},       {IRC|STR, 4},       {TLD|IRC|STR, 4}},

	[PPP_TO_PLUS]   = {NO,           NO,            NO,            NO,                      {STR, 4},      {STR, 5},
			   {SCR, 6},            {SCR, 6},           {SCR, 8},           NO},
	[PPP_TO_MINUS]  = {NO,           NO,            NO,            NO,                      {TLF, 2},      {TLF, 3},
			   {TLF, 3},            {TLF, 3},           {TLF, 3},           NO},

	[PPP_RCR_PLUS]  = {NO,           NO,            {STA, 2},      {IRC|SCR|SCA, 8},        {0, 4},        {0, 5},
			   {SCA, 8},            {SCA|TLU, 9},       {SCA, 8},           {TLD|SCR|SCA, 8}},
	[PPP_RCR_MINUS] = {NO,           NO,            {STA, 2},      {IRC|SCR|SCN, 6},        {0, 4},        {0, 5},
			   {SCN, 6},            {SCN, 7},           {SCN, 6},           {TLD|SCR|SCN, 6}},
	[PPP_RCA]       = {NO,           NO,            {STA, 2},      {STA, 3},                {0, 4},        {0, 5},
			   {IRC, 7},            {SCR, 6},           {IRC|TLU, 9},       {TLD|SCR, 6}},
	[PPP_RCN]       = {NO,           NO,            {STA, 2},      {STA, 3},                {0, 4},        {0, 5},
			   {IRC|SCR, 6},        {SCR, 6},           {IRC|SCR, 8},       {TLD|SCR, 6}},

	[PPP_RTR]       = {NO,           NO,            {STA, 2},      {STA, 3},                {STA, 4},      {STA, 5},
			   {STA, 6},            {STA, 6},           {STA, 6},           {TLD|ZRC|STA, 5}},
	[PPP_RTA]       = {NO,           NO,            {0, 2},        {0, 3},                  {TLF, 2},      {TLF, 3},
			   {0, 6},              {0, 6},             {0, 8},             {TLD|SCR, 6}},

	[PPP_RUC]       = {NO,           NO,            {SCJ, 2},      {SCJ, 3},                {SCJ, 4},      {SCJ, 5},
			   {SCJ, 6},            {SCJ, 7},           {SCJ, 8},           {SCJ, 9}},
	[PPP_RXJ_PLUS]  = {NO,           NO,            {0, 2},        {0, 3},                  {0, 4},        {0, 5},
			   {0, 6},              {0, 6},             {0, 8},             {0, 9}},
	[PPP_RXJ_MINUS] = {NO,           NO,            {TLF, 2},      {TLF, 3},                {TLF, 2},      {TLF, 3},
			   {TLF, 3},            {TLF, 3},           {TLF, 3},           {TLD|IRC|STR, 5}},

	[PPP_RXR]       = {NO,           NO,            {0, 2},        {0, 3},                  {0, 4},        {0, 5},
			   {0, 6},              {0, 7},             {0, 8},             {SER, 9}},
};
/* clang-format on */

const struct ppp_cell *ppp_automaton(enum ppp_fsm_event event, enum ppp_state state)
{
	return &table[event][state];
}
